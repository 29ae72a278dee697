//! Contract, scenario and crash tests over the whole house.

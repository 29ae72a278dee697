//! The referee against programs that mean no good, in every isolation that this machine offers.

#[cfg(test)]
mod escape;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod kernel;
#[cfg(test)]
mod lifetime;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod setting;
#[cfg(test)]
mod tests_run;
#[cfg(test)]
mod user;
#[cfg(test)]
mod whole_tree;

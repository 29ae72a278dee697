//! One persona task: context, turn loop, submitted work.

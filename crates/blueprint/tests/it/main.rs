//! The author as the platform meets it: conversations with tools over artifacts in memory.

#[cfg(test)]
mod checks;
#[cfg(test)]
mod conversations;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod rich;
#[cfg(test)]
mod running;
#[cfg(test)]
mod team;

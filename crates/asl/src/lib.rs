//! Amazon States Language: typed model, static checks, interpreter.

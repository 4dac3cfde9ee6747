//! A stand-in for a database and its pool of connections, which knows one password at a time.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The content of the secret.
#[derive(serde::Deserialize)]
pub(crate) struct DatabaseConfig {
    pub(crate) user: String,
    pub(crate) password: String,
}

/// A database that accepts one password.
#[derive(Clone)]
pub(crate) struct Database {
    password: Arc<Mutex<String>>,
}

/// The connections of one user with one password.
pub(crate) struct Pool {
    database: Database,
    config: DatabaseConfig,
}

/// The database rejected the password.
#[derive(Debug)]
pub(crate) struct LoginRejected;

impl Database {
    pub(crate) fn accepting(password: &str) -> Self {
        Self { password: Arc::new(Mutex::new(password.to_owned())) }
    }

    /// Changes the password, as a rotation does.
    #[cfg(test)]
    pub(crate) fn change_password(&self, password: &str) {
        *self.password.lock().unwrap_or_else(PoisonError::into_inner) = password.to_owned();
    }

    pub(crate) fn pool(&self, config: DatabaseConfig) -> Pool {
        Pool { database: self.clone(), config }
    }
}

impl Pool {
    pub(crate) fn user_name(&self, id: u32) -> Result<String, LoginRejected> {
        let password = self.database.password.lock().unwrap_or_else(PoisonError::into_inner);
        if *password != self.config.password {
            return Err(LoginRejected);
        }
        Ok(format!("user {id}, read as {}", self.config.user))
    }
}

impl fmt::Display for LoginRejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the database rejected the password")
    }
}

impl std::error::Error for LoginRejected {}

//! [`ErrorFields`]: the fields of an error body, each decoded on its own.

use super::xml;
use crate::error::json_fields::{read_fields, text};

/// The texts of an error body as they were sent.
#[derive(Default)]
pub(super) struct ErrorFields {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) recommendation: Option<String>,
    /// In JSON.
    pub(super) access_denied_detail: Option<String>,
}

impl ErrorFields {
    /// Reads an object. Damage ends the reading and keeps the fields before it.
    pub(super) fn from_json(json: &str) -> Self {
        let mut fields = Self::default();
        read_fields(json, &mut |name, value| {
            if matches!(name, "AccessDeniedDetail" | "accessDeniedDetail") {
                fields.access_denied_detail = Some(value.to_owned());
            } else if let Some(slot) = fields.text_slot(name) {
                fill(slot, text_or_number(value));
            }
        });
        fields
    }

    /// Reads the elements below the root. Damage ends the reading and keeps the fields before it.
    pub(super) fn from_xml(text: &str) -> Self {
        let mut fields = Self::default();
        for (name, text) in xml::elements(text) {
            if let Some(slot) = fields.text_slot(name) {
                fill(slot, Some(text));
            }
        }
        fields
    }

    /// Returns where the text of the field `name` belongs, if it is known.
    ///
    /// The gateway writes names in lower case at times. CloudSSO and the OAuth exchange, which only
    /// credentials are fetched from, have names of their own.
    fn text_slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "Code" | "code" | "ErrorCode" | "errorCode" | "error" => Some(&mut self.code),
            "Message" | "message" | "ErrorMessage" | "errorMessage" | "error_description" => {
                Some(&mut self.message)
            }
            "RequestId" | "requestId" => Some(&mut self.request_id),
            "Recommend" | "recommend" => Some(&mut self.recommendation),
            _ => None,
        }
    }
}

/// Keeps the first text that is not empty: a body may contain both `Code` and `code`.
fn fill(slot: &mut Option<String>, text: Option<String>) {
    if slot.is_none() {
        *slot = text.filter(|text| !text.trim().is_empty());
    }
}

/// Returns a text, or a number as text.
fn text_or_number(json: &str) -> Option<String> {
    let is_number = json.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    if is_number { Some(json.to_owned()) } else { text(json) }
}

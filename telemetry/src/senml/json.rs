//! SenML in JSON (RFC 8428, section 5): records are taken one by one as they are parsed, without a
//! list in between.

use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::decode::SenmlError;
use super::record::Record;
use super::resolve::Resolver;

pub(super) fn read(payload: &[u8], resolver: &mut Resolver) -> Result<(), SenmlError> {
    let mut refused = None;
    let mut json = serde_json::Deserializer::from_slice(payload);
    let read = json
        .deserialize_seq(PackVisitor { resolver, refused: &mut refused })
        .and_then(|()| json.end());
    match (refused, read) {
        (Some(error), _) => Err(error),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) if error.is_eof() => Err(SenmlError::Incomplete(error.to_string())),
        (None, Err(error)) => Err(SenmlError::Malformed(error.to_string())),
    }
}

struct PackVisitor<'r> {
    resolver: &'r mut Resolver,
    /// Our own error, which serde could only carry as text.
    refused: &'r mut Option<SenmlError>,
}

impl<'de> Visitor<'de> for PackVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of SenML records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(record) = seq.next_element_seed(RecordSeed { refused: self.refused })? {
            if let Err(error) = self.resolver.take(record) {
                *self.refused = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(())
    }
}

struct RecordSeed<'r> {
    refused: &'r mut Option<SenmlError>,
}

impl<'de> DeserializeSeed<'de> for RecordSeed<'_> {
    type Value = Record<'de>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Record<'de>, D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_> {
    type Value = Record<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a SenML record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record<'de>, A::Error> {
        let mut r = Record::default();
        while let Some(Text(label)) = map.next_key::<Text<'de>>()? {
            match label.as_ref() {
                "bn" => r.base_name = Some(map.next_value::<Text<'de>>()?.0),
                "bt" => r.base_time = Some(map.next_value()?),
                "bu" => r.base_unit = Some(map.next_value::<Text<'de>>()?.0),
                "bv" => r.base_value = Some(map.next_value()?),
                "bver" => r.version = Some(map.next_value()?),
                "n" => r.name = Some(map.next_value::<Text<'de>>()?.0),
                "u" => r.unit = Some(map.next_value::<Text<'de>>()?.0),
                "v" => r.value = Some(map.next_value()?),
                "vb" => r.value = Some(f64::from(u8::from(map.next_value::<bool>()?))),
                "t" => r.time = Some(map.next_value()?),
                must if must.ends_with('_') => {
                    *self.refused = Some(SenmlError::MustUnderstand(must.to_owned()));
                    return Err(A::Error::custom("refused"));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(r)
    }
}

/// A string that is borrowed from the payload where it holds no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(String::from(text))))
            }
        }
        d.deserialize_str(TextVisitor)
    }
}

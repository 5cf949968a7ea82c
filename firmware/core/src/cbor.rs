//! Reading CBOR of this board's own making: it is right or it is not. minicbor's error says more,
//! but every place that passes it on takes room in flash.

use minicbor::Decoder;
use minicbor::data::Type;

/// Reads items one after the other; `None` when the next one is something else.
#[derive(Debug)]
pub(crate) struct Reader<'b>(Decoder<'b>);

impl<'b> Reader<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(Decoder::new(bytes))
    }

    /// A number without a sign, within `T`.
    pub fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.0.u64().ok()?).ok()
    }

    pub fn signed(&mut self) -> Option<i64> {
        self.0.i64().ok()
    }

    pub fn float(&mut self) -> Option<f32> {
        self.0.f32().ok()
    }

    pub fn bytes(&mut self) -> Option<&'b [u8]> {
        self.0.bytes().ok()
    }

    pub fn text(&mut self) -> Option<&'b str> {
        self.0.str().ok()
    }

    /// The head of an array of known length.
    pub fn array(&mut self) -> Option<u64> {
        self.0.array().ok()?
    }

    /// The head of an array of this length.
    pub fn array_of(&mut self, items: u64) -> Option<()> {
        (self.array()? == items).then_some(())
    }

    /// `null`, or what `read` reads.
    pub fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.0.datatype().ok()? == Type::Null {
            self.0.null().ok()?;
            return Some(None);
        }
        read(self).map(Some)
    }

    /// Whether all bytes are read.
    pub fn is_at_end(&self) -> bool {
        self.0.position() == self.0.input().len()
    }
}

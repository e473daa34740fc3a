//! The columns of a schema: those that are read, flattened to their leaves, and those that are not.
//!
//! It looks at names and types only.

use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::parquet::schema::types::PrimitiveLogicalType;
use polars_parquet::read::FileMetadata;

/// Stands between the name of a record and that of its field.
const BETWEEN: &str = ".";

/// A column that can be read.
#[derive(Clone)]
pub struct Leaf {
    /// Its name: `parent.child` within a record.
    pub name: String,
    /// The parts of the name.
    pub path: Vec<String>,
    /// What it is read as, within records of this one field.
    pub field: Field,
}

impl Leaf {
    /// Whether its values are floating-point numbers.
    #[must_use]
    pub fn is_float(&self) -> bool {
        let mut dtype = &self.field.dtype;
        while let ArrowDataType::Struct(fields) = dtype {
            let [field] = fields.as_slice() else { return false };
            dtype = &field.dtype;
        }
        matches!(dtype, ArrowDataType::Float32 | ArrowDataType::Float64)
    }
}

/// A column of a type that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its name.
    pub name: String,
    /// Its type in words.
    pub kind: String,
}

/// All columns of a file, in its order.
pub fn of(schema: &ArrowSchema, metadata: &FileMetadata) -> (Vec<Leaf>, Vec<Unread>) {
    let mut found = Found { metadata, leaves: Vec::new(), unread: Vec::new() };
    for field in schema.iter_values() {
        found.add(field, &[]);
    }
    (found.leaves, found.unread)
}

struct Found<'m> {
    metadata: &'m FileMetadata,
    leaves: Vec<Leaf>,
    unread: Vec<Unread>,
}

impl Found<'_> {
    /// Adds a field that lies in the records `parents`.
    fn add(&mut self, field: &Field, parents: &[&Field]) {
        let path: Vec<String> = parents.iter().chain([&field]).map(|part| part.name.to_string()).collect();
        match &field.dtype {
            ArrowDataType::Struct(fields) if !fields.is_empty() => {
                let parents = [parents, &[field]].concat();
                for field in fields {
                    self.add(field, &parents);
                }
            }
            dtype => match self.plain(dtype, &path) {
                Some(dtype) => {
                    let leaf = Field::new(field.name.clone(), dtype, field.is_nullable);
                    let field = parents.iter().rev().fold(leaf, |inner, parent| {
                        Field::new(parent.name.clone(), ArrowDataType::Struct(vec![inner]), parent.is_nullable)
                    });
                    self.leaves.push(Leaf { name: path.join(BETWEEN), path, field });
                }
                None => self.unread.push(Unread { name: path.join(BETWEEN), kind: kind(dtype) }),
            },
        }
    }

    /// The type that a column is read as; `None` for lists and the like.
    fn plain(&self, dtype: &ArrowDataType, path: &[String]) -> Option<ArrowDataType> {
        use ArrowDataType as D;
        match dtype {
            D::Dictionary(_, values, _) => self.plain(values, path),
            D::Utf8 | D::LargeUtf8 | D::Utf8View => Some(D::Utf8View),
            D::Binary | D::LargeBinary | D::BinaryView => Some(D::BinaryView),
            D::FixedSizeBinary(16) if self.is_uuid(path) => Some(dtype.clone()),
            D::Null
            | D::Boolean
            | D::Int8
            | D::Int16
            | D::Int32
            | D::Int64
            | D::UInt8
            | D::UInt16
            | D::UInt32
            | D::UInt64
            | D::Float32
            | D::Float64
            | D::Timestamp(..)
            | D::Date32
            | D::Time32(_)
            | D::Time64(_)
            | D::Duration(_) => Some(dtype.clone()),
            D::Decimal(digits, scale) | D::Decimal32(digits, scale) | D::Decimal64(digits, scale) => {
                Some(D::Decimal(*digits, *scale))
            }
            _ => None,
        }
    }

    /// Whether the file calls the sixteen bytes of a column a UUID; others may be a hash.
    fn is_uuid(&self, path: &[String]) -> bool {
        let mut columns = self.metadata.schema().columns().iter().filter(|column| column.path_in_schema == path);
        columns.any(|column| column.descriptor.primitive_type.logical_type == Some(PrimitiveLogicalType::Uuid))
    }
}

/// A type that is not read, in words.
fn kind(dtype: &ArrowDataType) -> String {
    use ArrowDataType as D;
    match dtype {
        D::List(_) | D::LargeList(_) | D::FixedSizeList(..) => "list".to_owned(),
        D::Map(..) => "map".to_owned(),
        D::Struct(_) => "record without fields".to_owned(),
        D::FixedSizeBinary(length) => format!("{length} bytes that are not said to be text"),
        D::Interval(_) => "interval of months and days".to_owned(),
        D::Float16 => "number of two bytes".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

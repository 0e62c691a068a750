/// Why bytes are not the message they should be, or fields cannot become one.
package enum WireError: Error, Hashable, Sendable {
  /// More bytes than this message may have.
  case tooLarge(message: String, count: Int, limit: Int)
  /// Not an encoding of any message of this type.
  case malformed(message: String)
  /// The parsed form would not fit the memory allowed for it.
  case tooComplex(message: String)
  /// A field that the schema does not have, by number.
  case unknownField(message: String, number: UInt32)
  /// A second encoding of the same values: fields out of order, twice, or with a default written out.
  case notCanonical(message: String)
  /// More items in a repeated field than allowed.
  case tooManyItems(field: String, count: Int, limit: Int)
  /// More sub-messages than allowed.
  case tooManyGroups(message: String, limit: Int)
  /// A number that the field's enumeration does not have.
  case unknownEnumerator(field: String, number: Int64)
  /// A name that is no field of the message to encode.
  case noSuchField(message: String, field: String)
  /// A value of another kind than the field's, or one too wide for it.
  case unfitValue(message: String, field: String)
  /// A field given twice, or two members of one oneof.
  case givenTwice(message: String, field: String)
  /// Bytes of another length than the field must have.
  case wrongLength(field: String, count: Int, expected: Int)
  /// No value of this name and kind in a decoded message.
  case missing(field: String)
  /// A value outside its range.
  case outOfRange(field: String)

  /// The status with which a node answers such a message.
  package var status: EnvelopeStatus {
    switch self {
    case .tooLarge, .tooComplex, .tooManyItems, .tooManyGroups: .tooLarge
    case .malformed, .unknownField, .notCanonical, .unknownEnumerator, .wrongLength, .missing, .outOfRange: .malformed
    case .noSuchField, .unfitValue, .givenTwice: .failed
    }
  }
}

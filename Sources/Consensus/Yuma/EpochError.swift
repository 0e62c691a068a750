package import Primitives

/// Why an epoch's input was refused at the door; nothing was computed.
package enum EpochError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A per-uid array of the input.
  package enum Field: String, Hashable, Sendable {
    case taoStake, lastUpdate, blockAtRegistration, validatorPermit
  }

  case tooManyUIDs(Int, limit: Int)
  case length(Field, found: Int, uids: Int)
  case ownerOutOfRange(UID, uids: Int)
  /// The stakes together pass 2^63 units, where the reference's sum would wrap.
  case stakeTooLarge

  package var description: String {
    switch self {
    case .tooManyUIDs(let count, let limit): "\(count) uids are more than the \(limit) an epoch can settle"
    case .length(let field, let found, let uids): "\(field.rawValue) has \(found) entries for \(uids) uids"
    case .ownerOutOfRange(let owner, let uids): "the owner's uid \(owner) is not below \(uids)"
    case .stakeTooLarge: "the stakes together pass 2^63 units"
    }
  }
}

import Primitives
import SubnetKit
import Wire

/// Why a miner does not answer a request.
enum AxonRefusal: Error, Hashable, Sendable {
  case envelope(EnvelopeError)
  /// More payload than the axon takes, seen before anything of it was hashed.
  case payloadTooLarge(bytes: Int, limit: Int)
  case callerNotRegistered(Hotkey, NetUID)
  /// What the rules of the mechanism or the operator said.
  case notAdmitted(Admission.Refusal)
  case unknownSynapse(EnvelopeMessage, known: EnvelopeMessage)
  /// Every place is taken, or every place that one caller may have.
  case noPlace(limit: Int, retryMilliseconds: UInt64)
  /// The deadline passed while the work was going on.
  case tooLate
  /// What the mechanism said.
  case mechanism(MechanismError)

  var status: EnvelopeStatus {
    switch self {
    case .envelope(let error): error.status
    case .payloadTooLarge: .tooLarge
    case .callerNotRegistered, .notAdmitted: .refused
    case .unknownSynapse: .unknownSynapse
    case .noPlace: .busy
    case .tooLate: .deadlinePassed
    case .mechanism(let error): EnvelopeStatus(rawValue: UInt32(error.code.status)) ?? .failed
    }
  }

  var retryAfterMilliseconds: UInt64? {
    switch self {
    case .envelope(let error): error.retryAfterMilliseconds
    case .noPlace(_, let milliseconds): milliseconds
    case .mechanism(let error) where error.code == .busy: AxonRefusal.mechanismRetryMilliseconds
    default: nil
    }
  }

  /// A sentence for the operator of the other node.
  var detail: String {
    switch self {
    case .envelope(let error): error.description
    case .payloadTooLarge(let bytes, let limit): "The payload has \(bytes) bytes; \(limit) are allowed."
    case .callerNotRegistered(let hotkey, let netuid):
      "Hotkey \(hotkey) holds no uid on subnet \(netuid); register it, or wait until this node has seen the block."
    case .notAdmitted(let refusal): refusal.message
    case .unknownSynapse(let message, let known): "There is no synapse \(message) here; this node serves \(known)."
    case .noPlace(let limit, let milliseconds): "All \(limit) places are taken; try again in \(milliseconds) ms."
    case .tooLate: "The answer was not ready before the deadline."
    // What broke inside is for this node's own log.
    case .mechanism(let error) where status == .failed:
      "The mechanism failed (\(error.code)); its operator has the log."
    case .mechanism(let error): error.description
    }
  }

  private static let mechanismRetryMilliseconds: UInt64 = 1_000
}

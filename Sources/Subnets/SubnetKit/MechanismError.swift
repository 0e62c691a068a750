/// Why a mechanism could not start, answer or score.
///
/// A struct with an open set of codes: a new code breaks nobody's `switch`.
public struct MechanismError: Error, Hashable, Sendable, CustomStringConvertible {
  public let code: Code
  /// A sentence for the operator: what failed, on which values, what to try next.
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { "\(code.name): \(message)" }

  /// What kind of failure this is.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// Stable; it stands in logs and replies.
    public let name: String
    /// The status that a miner's reply carries when `forward` fails in this way.
    public let status: UInt16

    public init(name: String, status: UInt16) {
      self.name = name
      self.status = status
    }

    public var description: String { name }

    /// The request's bytes are no request of this mechanism, or its values make no sense.
    public static let malformedRequest = Code(name: "malformed_request", status: 422)
    /// The response's bytes are no response of this mechanism, or its values make no sense.
    public static let malformedResponse = Code(name: "malformed_response", status: 422)
    /// The miner does not want to do this for this caller.
    public static let refused = Code(name: "refused", status: 403)
    /// The miner has no room now; the same request may succeed later.
    public static let busy = Code(name: "busy", status: 429)
    /// The answer cannot be ready before the deadline.
    public static let responseTooLate = Code(name: "response_too_late", status: 408)
    /// The work was given up because its caller went away.
    public static let cancelled = Code(name: "cancelled", status: 408)
    /// A message of our own is larger than the wire allows.
    public static let messageTooLarge = Code(name: "message_too_large", status: 500)
    /// A score is NaN, infinite or outside 0...1.
    public static let invalidScore = Code(name: "invalid_score", status: 500)
    /// An option is unknown, given twice, or its value does not parse.
    public static let invalidOption = Code(name: "invalid_option", status: 500)
    /// No mechanism has this name.
    public static let unknownMechanism = Code(name: "unknown_mechanism", status: 404)
    /// Something the mechanism needs, such as its data, is not there.
    public static let missingInput = Code(name: "missing_input", status: 500)
    /// Everything else.
    public static let failed = Code(name: "failed", status: 500)
  }
}

extension MechanismError {
  /// Takes what an author's code threw; anything but a `MechanismError` becomes `failed` or `cancelled`.
  init(_ error: any Error, in function: String) {
    switch error {
    case let error as MechanismError: self = error
    case is CancellationError: self.init(.cancelled, "\(function) was cancelled.")
    default: self.init(.failed, "\(function) failed: \(error)")
    }
  }
}

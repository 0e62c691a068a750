/// Why a value could not become bytes, or bytes not a value.
public struct MessageError: Error, Hashable, Sendable, CustomStringConvertible {
  public let code: Code
  /// Where and what, for a log line; never a stranger's text as it came.
  public let detail: String

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  public var description: String { "\(code.name) (\(detail))" }

  /// What kind of failure this is.
  public struct Code: Hashable, Sendable {
    public let name: String

    /// More bytes than the limit.
    public static let tooLarge = Code(name: "message too large")
    /// More levels of arrays and maps than the limit.
    public static let tooDeep = Code(name: "message too deep")
    /// The bytes end inside a value.
    public static let truncated = Code(name: "message truncated")
    /// Bytes follow the value.
    public static let trailingBytes = Code(name: "bytes after the message")
    /// Well-formed, but not the one encoding that this value has.
    public static let notDeterministic = Code(name: "message not in deterministic form")
    /// A form that messages do not use: tags, indefinite lengths, other simple values, non-finite numbers.
    public static let unsupported = Code(name: "unsupported form")
    /// A text is not UTF-8.
    public static let invalidText = Code(name: "text not UTF-8")
    /// A value of another type, out of the type's range, or refused by the type.
    public static let mismatch = Code(name: "message does not fit its type")
  }
}

package import Primitives

/// One refusal: its code, the values concerned and, where blocks will cure it, how many.
///
/// Two errors are equal when their codes are: the values explain a refusal, they do not distinguish it.
package struct LedgerError: Error, Sendable {
  package let code: LedgerErrorCode
  /// What the check looked at, in the order it was named; each name at most once.
  package private(set) var values: [NamedValue]
  /// Blocks until the same call may pass, when that is known.
  package private(set) var blocksLeft: UInt64?
  /// The first block in which the same call may pass, when that is known.
  package private(set) var retryAtBlock: BlockNumber?

  package init(_ code: LedgerErrorCode) {
    self.code = code
    self.values = []
    self.blocksLeft = nil
    self.retryAtBlock = nil
  }

  /// A refusal that time alone cures: the call may pass `blocksLeft` blocks after `block`.
  package init(_ code: LedgerErrorCode, blocksLeft: UInt64, at block: BlockNumber) {
    self.init(code)
    self.blocksLeft = blocksLeft
    self.retryAtBlock = block.advanced(by: blocksLeft)
  }

  /// A refusal that time alone cures, seen at `block`, of a call that may pass from block `retry` on.
  package init(_ code: LedgerErrorCode, retryAt retry: BlockNumber, now block: BlockNumber) {
    self = LedgerError(code).retrying(at: retry, now: block)
  }
}

extension LedgerError {
  /// A value that belongs to a refusal, under its protocol name.
  package struct NamedValue: Hashable, Sendable {
    package let name: String
    package let value: Value
  }

  /// What the check looked at.
  package enum Value: Hashable, Sendable, CustomStringConvertible {
    case number(UInt64)
    case text(String)

    package var description: String {
      switch self {
      case .number(let number): String(number)
      case .text(let text): text
      }
    }
  }

  /// The same refusal, saying one more value.
  package func with(_ name: String, _ number: some UnsignedInteger) -> LedgerError {
    adding(name, .number(UInt64(clamping: number)))
  }
  package func with(_ name: String, _ amount: Rao) -> LedgerError { adding(name, .number(amount.value)) }
  package func with(_ name: String, _ block: BlockNumber) -> LedgerError { adding(name, .number(block.value)) }
  package func with(_ name: String, _ netuid: NetUID) -> LedgerError { adding(name, .number(UInt64(netuid.value))) }
  package func with(_ name: String, _ uid: UID) -> LedgerError { adding(name, .number(UInt64(uid.value))) }
  package func with(_ name: String, _ text: String) -> LedgerError { adding(name, .text(text)) }
  package func with(_ name: String, _ count: Int) -> LedgerError { adding(name, .number(UInt64(clamping: count))) }

  /// The same refusal of a call at `block`, which may pass from block `retry` on; unchanged when that is not known.
  package func retrying(at retry: BlockNumber?, now block: BlockNumber) -> LedgerError {
    guard let retry else { return self }
    var copy = self
    copy.blocksLeft = retry.blocks(since: block)
    copy.retryAtBlock = retry
    return copy
  }

  /// The value of that name, if the refusal says it.
  package subscript(name: String) -> Value? { values.first { $0.name == name }?.value }

  private func adding(_ name: String, _ value: Value) -> LedgerError {
    var copy = self
    copy.values.append(NamedValue(name: name, value: value))
    return copy
  }
}

extension LedgerError: Hashable {
  package static func == (left: LedgerError, right: LedgerError) -> Bool { left.code == right.code }
  package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension LedgerError: CustomStringConvertible {
  /// Name, meaning, values, remedy and time in one line for operators.
  package var description: String {
    var text = "\(code.name) (\(code.rawValue)): \(code.meaning)"
    if !values.isEmpty { text += " [" + values.map { "\($0.name)=\($0.value)" }.joined(separator: ", ") + "]" }
    text += "; \(code.remedy)"
    if let blocksLeft, let retryAtBlock { text += "; retry in \(blocksLeft) blocks, at block \(retryAtBlock)" }
    return text
  }
}

extension LedgerErrorCode {
  /// Who or what can make a refused call pass.
  package enum Cure: Hashable, Sendable {
    /// The same call passes later by itself: blocks or epochs go by.
    case time
    /// Only somebody else's action, or the market, changes the state.
    case others
    /// The caller must change something.
    case caller
  }

  /// The protocol's name, in UpperCamelCase.
  package var name: String { row.name }
  /// What the refusal says, as half a sentence.
  package var meaning: String { row.meaning }
  /// What the caller can do about it, as half a sentence.
  package var remedy: String { row.remedy }
  package var curedBy: Cure { row.curedBy }

  /// The code with this protocol name, exactly as the table writes it; nil when there is none.
  package init?(name: String) {
    guard let code = LedgerErrorCode.byName[name] else { return nil }
    self = code
  }

  private static let byName = [String: LedgerErrorCode](
    uniqueKeysWithValues: LedgerErrorCode.allCases.map { ($0.name, $0) })
}

extension LedgerErrorCode: CustomStringConvertible {
  package var description: String { name }
}

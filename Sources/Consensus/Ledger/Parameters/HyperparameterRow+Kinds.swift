import Primitives

// The few ways in which the rows of the table differ, so that a row says only what is special about it.
extension HyperparameterRow {
  /// Set by the owner or root, every `owner_hparam_rate_limit` tempos, outside the freeze window.
  static func owner(
    _ field: ParameterField<Hyperparameters>, call: ParameterCall = .setHyperparameter,
    limit: OwnerLimit = .ownerTempos, freeze: FreezeRule = .everyone, bounds: Bounds? = nil
  ) -> HyperparameterRow {
    HyperparameterRow(field, isOwnerSettable: true, call: call, limit: limit, freeze: freeze, bounds: bounds)
  }

  /// Set by root alone.
  static func root(
    _ field: ParameterField<Hyperparameters>, freeze: FreezeRule = .everyone, bounds: Bounds? = nil
  ) -> HyperparameterRow {
    HyperparameterRow(field, isOwnerSettable: false, limit: .none, freeze: freeze, bounds: bounds)
  }

  /// Kept by itself, set only together with others under the name of another row.
  static func part(
    of name: String, _ field: ParameterField<Hyperparameters>, bounds: @escaping Bounds
  ) -> HyperparameterRow {
    HyperparameterRow(
      field, isOwnerSettable: false, call: .partOf(name), limit: .none, freeze: .everyone, bounds: bounds)
  }

  /// Numbers within a fixed range.
  static func within(_ range: ClosedRange<UInt64>, else code: LedgerErrorCode) -> Bounds {
    { (value, _) throws(LedgerError) in
      guard case .u64(let number) = value, range.contains(number) else {
        throw LedgerError(code).with("least", range.lowerBound).with("most", range.upperBound)
      }
    }
  }

  /// Numbers that a rule judges together with the context.
  static func number(
    _ rule: @escaping @Sendable (UInt64, HyperparameterContext) throws(LedgerError) -> Void
  ) -> Bounds {
    { (value, context) throws(LedgerError) in
      guard case .u64(let number) = value else { throw .invalidValue }
      try rule(number, context)
    }
  }
}

import Primitives

/// Who may change a parameter of the chain.
package enum GlobalAuthority: Hashable, Sendable {
  /// Root: the sudo key or a simple proposal.
  case root
  /// Root: the sudo key, or a proposal with the strict majority.
  case governance
  /// Nobody once the chain runs.
  case genesis
}

/// One parameter of the chain: where it is kept, who may set it, and within which bounds.
///
/// Source: registry 4.
package struct GlobalParameterRow: Sendable {
  /// Judges the parameters as they would be; the error for each failure is `valueNotInBounds`.
  package typealias Rule = @Sendable (GlobalParameters) -> Bool

  package let field: ParameterField<GlobalParameters>
  package let authority: GlobalAuthority
  private let rule: Rule?

  package var name: String { field.name }

  package init(_ field: ParameterField<GlobalParameters>, _ authority: GlobalAuthority = .root, rule: Rule? = nil) {
    self.field = field
    self.authority = authority
    self.rule = rule
  }

  /// Checks a value and stores it.
  ///
  /// - Throws: `invalidValue` for another form, `valueNotInBounds`; `parameters` is then unchanged.
  package func set(_ value: ParameterValue, in parameters: inout GlobalParameters) throws(LedgerError) {
    guard field.form.matches(value) else { throw .invalidValue.with("name", name) }
    var changed = parameters
    guard field.store(value, in: &changed), rule?(changed) ?? true else {
      throw .valueNotInBounds.with("name", name).with("value", value.description)
    }
    parameters = changed
  }

  /// Whether the stored value keeps its bounds beside the others, as a whole genesis file must.
  package func isKept(by parameters: GlobalParameters) -> Bool {
    field.form.holds(field.value(in: parameters)) && (rule?(parameters) ?? true)
  }
}

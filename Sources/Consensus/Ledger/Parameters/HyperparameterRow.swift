package import Primitives

/// Who asks for a change of a parameter.
package enum ParameterSetter: Hashable, Sendable {
  case owner
  case root
  /// A genesis file: any stored parameter, under the bounds that hold for root.
  case genesis
}

/// How often an owner may set a parameter; root is neither checked nor recorded.
package enum OwnerLimit: Hashable, Sendable {
  case none
  /// `owner_hparam_rate_limit` tempos.
  case ownerTempos
  /// `weights_version_rate_limit` tempos.
  case weightsVersionTempos
  /// `min_owner_tempo` blocks.
  case minOwnerTempo
  /// `mechanism_rate_limit` blocks.
  case mechanism

  /// The limit in blocks, of the inclusive form.
  package func blocks(tempo: UInt16, globals: GlobalParameters) -> UInt64 {
    switch self {
    case .none: 0
    case .ownerTempos: UInt64(globals.ownerHparamRateLimit) * UInt64(tempo)
    case .weightsVersionTempos: UInt64(globals.weightsVersionRateLimit) * UInt64(tempo)
    case .minOwnerTempo: UInt64(globals.minOwnerTempo)
    case .mechanism: globals.mechanismRateLimit
    }
  }
}

/// Whom the freeze window before an epoch stops from setting a parameter.
package enum FreezeRule: Hashable, Sendable {
  case everyone
  case ownerOnly
  case nobody

  package func binds(_ setter: ParameterSetter) -> Bool {
    switch self {
    case .everyone: setter != .genesis
    case .ownerOnly: setter == .owner
    case .nobody: false
    }
  }
}

/// The call that sets a parameter.
package enum ParameterCall: Hashable, Sendable {
  case setHyperparameter
  case setTempo
  case setMechanismCount
  case setMechanismEmissionSplit
  /// Set together with others, under that name.
  case partOf(String)
}

/// What the bounds of a parameter may depend on.
package struct HyperparameterContext: Sendable {
  package let netuid: NetUID
  /// The subnet's parameters as they stand.
  package let current: Hyperparameters
  package let globals: GlobalParameters
  /// Slots in use.
  package let uidCount: Int
  package let setter: ParameterSetter

  package init(
    netuid: NetUID, current: Hyperparameters, globals: GlobalParameters, uidCount: Int, setter: ParameterSetter
  ) {
    self.netuid = netuid
    self.current = current
    self.globals = globals
    self.uidCount = uidCount
    self.setter = setter
  }
}

/// One parameter of a subnet: where it is kept, and who may set it, how, when and within which bounds.
///
/// Source: registry 4.
package struct HyperparameterRow: Sendable {
  package typealias Bounds = @Sendable (ParameterValue, HyperparameterContext) throws(LedgerError) -> Void

  package let field: ParameterField<Hyperparameters>
  /// Whether the owner may set it; root always may.
  package let isOwnerSettable: Bool
  package let call: ParameterCall
  package let limit: OwnerLimit
  package let freeze: FreezeRule
  /// Beyond the form's own range; nil is "any".
  private let bounds: Bounds?

  package var name: String { field.name }

  package init(
    _ field: ParameterField<Hyperparameters>, isOwnerSettable: Bool, call: ParameterCall = .setHyperparameter,
    limit: OwnerLimit, freeze: FreezeRule, bounds: Bounds?
  ) {
    self.field = field
    self.isOwnerSettable = isOwnerSettable
    self.call = call
    self.limit = limit
    self.freeze = freeze
    self.bounds = bounds
  }

  /// Refuses a value of another form, outside the bounds, or outside the type, in this order.
  package func check(_ value: ParameterValue, in context: HyperparameterContext) throws(LedgerError) {
    guard field.form.matches(value) else { throw .invalidValue.with("name", name) }
    if let bounds { try bounds(value, context) }
    guard field.form.holds(value) else { throw .invalidValue.with("name", name).with("value", value.description) }
  }

  /// Checks a value and stores it in `parameters`.
  ///
  /// - Throws: As `check`; `parameters` is then unchanged.
  package func set(
    _ value: ParameterValue, in parameters: inout Hyperparameters, context: HyperparameterContext
  ) throws(LedgerError) {
    try check(value, in: context)
    let isStored = field.store(value, in: &parameters)
    precondition(isStored, "a value that passed its check has the form of its parameter")
  }
}

package import Primitives

/// Every parameter of a subnet by name, those of the older network included.
package struct SubnetHyperparametersQuery: StateQuery {
  package static let name = "subnet_hyperparameters"

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> NamedValuesAnswer {
    let subnet = try state.subnet(netuid)
    let stored = Hyperparameters.table.map { NamedValueRow($0.name, $0.field.value(in: subnet.parameters)) }
    let derived: [NamedValueRow] = [
      NamedValueRow("burn", .u64(subnet.burn)),
      NamedValueRow("subnet_is_active", .flag(subnet.isStarted)),
      NamedValueRow("yuma_version", .u64(subnet.parameters.yuma3Enabled ? 3 : 2)),
      NamedValueRow("user_liquidity_enabled", .flag(false)),
    ]
    return NamedValuesAnswer(stored + Hyperparameters.legacy.map { NamedValueRow($0.name, $0.value) } + derived)
  }
}

/// Every parameter of the chain by name.
package struct GlobalParametersQuery: StateQuery {
  package static let name = "global_parameters"

  package init() {}
  package mutating func map(_ fields: inout FieldMapper) {}

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> NamedValuesAnswer {
    NamedValuesAnswer(GlobalParameters.table.map { NamedValueRow($0.name, $0.field.value(in: state.chain.parameters)) })
  }
}

package struct NamedValuesAnswer: FieldMapped {
  package var values: [NamedValueRow] = []

  package init() {}
  init(_ values: [NamedValueRow]) { self.values = values }

  /// The value of that name, if it is there.
  package subscript(name: String) -> ParameterValue? { values.first { $0.name == Array(name.utf8) }?.value }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("values", &values, limit: AnswerLimits.items)
  }
}

package struct NamedValueRow: FieldMapped {
  package var name: [UInt8] = []
  package var value: ParameterValue = .u64(0)

  package init() {}
  init(_ name: String, _ value: ParameterValue) {
    self.name = Array(name.utf8)
    self.value = value
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.bytes("name", &name, limit: AnswerLimits.bytes)
    fields.parameterValue("value", &value)
  }
}

/// How many mechanisms a subnet has, and their parts of its emission.
package struct MechanismsQuery: StateQuery {
  package static let name = "mechanisms"

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> MechanismsAnswer {
    let parameters = try state.subnet(netuid).parameters
    var answer = MechanismsAnswer()
    answer.count = parameters.mechanismCount
    answer.split = parameters.mechanismEmissionSplit
    return answer
  }
}

package struct MechanismsAnswer: FieldMapped {
  package var count: UInt8 = 0
  /// Parts of 65535; even when empty.
  package var split: [UInt16] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.number("count", &count)
    fields.numbers("split", &split, limit: AnswerLimits.items)
  }
}

/// Who makes blocks now and next, and who is root.
package struct AuthoritiesQuery: StateQuery {
  package static let name = "authorities"

  package init() {}
  package mutating func map(_ fields: inout FieldMapper) {}

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> AuthoritiesAnswer {
    var answer = AuthoritiesAnswer()
    answer.keys = state.chain.authorities
    if let next = state.chain.authorityChanges.first {
      answer.nextKeys = next.keys
      answer.nextFromBlock = next.block
    }
    answer.sudoKey = state.chain.sudoKey
    return answer
  }
}

package struct AuthoritiesAnswer: FieldMapped {
  package var keys: [AccountID] = []
  /// Empty while no change is due.
  package var nextKeys: [AccountID] = []
  package var nextFromBlock = BlockNumber.genesis
  /// Nil when removed.
  package var sudoKey: AccountID?

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.accounts("keys", &keys, limit: AnswerLimits.items)
    fields.accounts("next_keys", &nextKeys, limit: AnswerLimits.items)
    fields.block("next_from_block", &nextFromBlock)
    fields.optionalAccount("sudo_key", &sudoKey)
  }
}

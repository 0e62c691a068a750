package import Primitives

/// Changes one parameter of a subnet. Source: registry 4.
package struct SetHyperparameter: LedgerCall {
  package static let descriptor = CallDescriptor(27, "SetHyperparameter", by: .owner, "Change a parameter of a subnet.")

  package var netuid = NetUID.root
  package var name: [UInt8] = []
  package var value: ParameterValue = .u64(0)

  package init() {}
  package init(netuid: NetUID, name: String, value: ParameterValue) {
    self.netuid = netuid
    self.name = Array(name.utf8)
    self.value = value
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.bytes("name", &name, limit: CallLimits.name)
    fields.parameterValue("value", &value)
  }

  package var proposalClass: ProposalClass? {
    let row = Hyperparameters.row(named: String(decoding: name, as: UTF8.self))
    return row?.call == .setHyperparameter ? .simple : nil
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let row = try Hyperparameters.settableRow(named: String(decoding: name, as: UTF8.self))
    let setter = try state.setter(of: netuid, origin)
    guard setter == .root || row.isOwnerSettable else { throw .notAuthorized.with("name", row.name) }
    try state.apply(row, value, to: netuid, by: setter)
    return [
      LedgerEvent(
        "HyperparameterSet",
        ["netuid": .netuid(netuid), "name": .bytes(name), "value": .group(value.fields)])
    ]
  }
}

extension LedgerState {
  /// Limit, freeze window, existence and bounds in this order; then stores the value.
  mutating func apply(
    _ row: HyperparameterRow, _ value: ParameterValue, to netuid: NetUID, by setter: ParameterSetter
  ) throws(LedgerError) {
    let limit = row.limit.blocks(tempo: subnets[netuid]?.parameters.tempo ?? 0, globals: chain.parameters)
    try checkOwnerLimit(row.name, blocks: limit, on: netuid, for: setter)
    if row.freeze.binds(setter) { try checkNotFrozen(netuid) }
    guard let subnet = subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    let context = HyperparameterContext(
      netuid: netuid, current: subnet.parameters, globals: chain.parameters, uidCount: slots[netuid]?.count ?? 0,
      setter: setter)
    var parameters = subnet.parameters
    try row.set(value, in: &parameters, context: context)

    let changed = parameters
    subnets.modify(netuid) { $0.parameters = changed }
    recordOwnerCall(row.name, on: netuid, by: setter)
  }
}

extension FieldMapper {
  package mutating func parameterValue(_ name: String, _ value: inout ParameterValue) {
    var message = ParameterValueMessage(value)
    group(name, &message)
    value = message.value
  }
}

/// The message around a parameter's value.
private struct ParameterValueMessage: FieldMapped {
  var value: ParameterValue = .u64(0)

  init() {}
  init(_ value: ParameterValue) { self.value = value }

  mutating func map(_ fields: inout FieldMapper) { fields.parameterForm(&value) }
}

extension FieldMapper {
  fileprivate mutating func parameterForm(_ value: inout ParameterValue) {
    guard let read = wholeMessage({ value.fields }) else { return }
    guard let parsed = ParameterValue(read) else { return refuse("value") }
    value = parsed
  }
}

import Primitives

/// Changes one parameter of the chain. Source: registry 4.
package struct SetGlobalParameter: LedgerCall {
  package static let descriptor = CallDescriptor(
    47, "SetGlobalParameter", by: .root, "Change a parameter of the chain.")

  package var name: [UInt8] = []
  package var value: ParameterValue = .u64(0)

  package init() {}
  package init(name: String, value: ParameterValue) {
    self.name = Array(name.utf8)
    self.value = value
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.bytes("name", &name, limit: CallLimits.name)
    fields.parameterValue("value", &value)
  }

  package var proposalClass: ProposalClass? {
    GlobalParameters.proposalClass(ofChanging: String(decoding: name, as: UTF8.self))
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try origin.requireRoot()
    let row = try GlobalParameters.settableRow(named: String(decoding: name, as: UTF8.self))
    var parameters = state.chain.parameters
    try row.set(value, in: &parameters)

    state.chain.parameters = parameters
    return [LedgerEvent("GlobalParameterSet", ["name": .bytes(name), "value": .group(value.fields)])]
  }
}

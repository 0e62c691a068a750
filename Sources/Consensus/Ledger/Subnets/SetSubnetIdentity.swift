package import Primitives

/// Sets what a subnet says of itself.
package struct SetSubnetIdentity: LedgerCall {
  package static let descriptor = CallDescriptor(
    24, "SetSubnetIdentity", by: .ownerOnly, "Say what your subnet is.")

  package var netuid = NetUID.root
  package var identity = SubnetIdentityFields()

  package init() {}
  package init(netuid: NetUID, identity: SubnetIdentityFields) {
    self.netuid = netuid
    self.identity = identity
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    identity.map(&fields)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try state.requireOwner(of: netuid, origin)
    try identity.check()

    let identity = identity.identity
    state.subnets.modify(netuid) { $0.identity = identity }
    return [LedgerEvent("SubnetIdentitySet", ["netuid": .netuid(netuid)])]
  }
}

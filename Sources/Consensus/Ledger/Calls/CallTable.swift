package import Primitives

/// Every call this ledger executes; what the protocol names and this table lacks answers `CallNotSupported`.
package enum CallTable {
  package static let all: [any LedgerCall.Type] = [
    AssociateHotkey.self,
    RegisterSubnet.self,
    StartSubnet.self,
    RegisterNeuron.self,
    RootRegister.self,
    ServeAxon.self,
    SetWeights.self,
    CommitWeights.self,
    RevealWeights.self,
    SetCommitment.self,
    SetChildren.self,
    SetChildkeyTake.self,
    IncreaseTake.self,
    DecreaseTake.self,
    SetIdentity.self,
    SetSubnetIdentity.self,
    SetSubnetOwnerHotkey.self,
    SetHyperparameter.self,
    SetTempo.self,
    TriggerEpoch.self,
    AddProxy.self,
    RemoveProxy.self,
    RemoveProxies.self,
    Proxy.self,
    Batch.self,
    BatchAll.self,
    ForceBatch.self,
    Sudo.self,
    SetGlobalParameter.self,
    DissolveSubnet.self,
    SetAuthorities.self,
    Pause.self,
    SubmitProposal.self,
    Vote.self,
    SetSudoKey.self,
    RemoveSudoKey.self,
    Faucet.self,
    SetBalance.self,
    Transfer.self,
    AddStake.self,
    RemoveStake.self,
    RemoveStakeFull.self,
    UnstakeAll.self,
    MoveStake.self,
    SwapStake.self,
  ]

  private static let byFieldName: [String: any LedgerCall.Type] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.descriptor.fieldName, $0) })

  /// Finds a call by its protocol name (`RegisterNeuron`) or message field (`register_neuron`).
  package static func type(named name: String) -> (any LedgerCall.Type)? {
    byFieldName[name] ?? byFieldName[snakeCase(name)]
  }

  /// The typed call in a decoded `Call` message.
  ///
  /// - Throws: `Malformed` when it is not one call or a value is outside its type; `CallNotSupported`
  ///   for a call of the protocol that this ledger does not execute.
  package static func call(from fields: Fields?) throws(LedgerError) -> any LedgerCall {
    guard let entry = fields?.entries.first, fields?.entries.count == 1, case .group(let arguments) = entry.value
    else { throw .malformed }
    guard let type = byFieldName[entry.name] else { throw .callNotSupported.with("call", entry.name) }
    return try read(type, from: arguments)
  }

  private static func read<Call: LedgerCall>(_ type: Call.Type, from arguments: Fields) throws(LedgerError) -> Call {
    var mapper = FieldMapper.reading(arguments)
    var call = Call()
    call.map(&mapper)
    if let field = mapper.malformedField { throw .malformed.with("field", field) }
    return call
  }
}

extension LedgerCall {
  /// The `Call` message of this call: one group entry.
  package var message: Fields { Fields([.init(name: Self.descriptor.fieldName, value: .group(fields))]) }
}

package import Primitives

/// Every question the state answers; the others of the protocol are questions to the node.
package enum QueryTable {
  package static let all: [any StateQuery.Type] = [
    AccountQuery.self,
    OwnerOfQuery.self,
    OwnedHotkeysQuery.self,
    NetuidsOfQuery.self,
    IdentityQuery.self,
    ProxiesQuery.self,
    ColdkeySwapQuery.self,
    SubnetInfoQuery.self,
    SubnetInfosQuery.self,
    DynamicInfoQuery.self,
    DynamicInfosQuery.self,
    SubnetHyperparametersQuery.self,
    SubnetStateQuery.self,
    MechanismsQuery.self,
    MetagraphQuery.self,
    NeuronQuery.self,
    NeuronsQuery.self,
    UidOfQuery.self,
    CertificatesQuery.self,
    NextEpochQuery.self,
    RegistrationCostQuery.self,
    NeuronToPruneQuery.self,
    SubnetCreationCostQuery.self,
    SubnetToPruneQuery.self,
    StakeInfoQuery.self,
    StakeInfosQuery.self,
    StakeAvailabilityQuery.self,
    StakeQuoteQuery.self,
    StakeWorthQuery.self,
    DelegateQuery.self,
    DelegatesQuery.self,
    DelegatedQuery.self,
    ChildrenQuery.self,
    ParentsQuery.self,
    PendingChildrenQuery.self,
    ChildkeyTakeQuery.self,
    WeightsQuery.self,
    BondsQuery.self,
    WeightCommitsQuery.self,
    TimelockedCommitsQuery.self,
    CommitmentQuery.self,
    CommitmentsQuery.self,
    RoundSecretQuery.self,
    RevealedQuery.self,
    LastBondsResetQuery.self,
    ProposalsQuery.self,
    ProposalQuery.self,
    VotingPowerQuery.self,
    NextHalvingQuery.self,
    EmissionSharesQuery.self,
    EpochPaymentsQuery.self,
    GlobalParametersQuery.self,
    AuthoritiesQuery.self,
  ]

  /// Finds a query by its member's name (`subnet_info`); nil for what the state does not answer.
  package static func type(named name: String) -> (any StateQuery.Type)? { byName[name] }

  private static let byName: [String: any StateQuery.Type] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// Reads the arguments and answers. Arguments that are not given have their default.
  fileprivate static func reply<Query: StateQuery>(
    _ type: Query.Type, _ arguments: Fields, _ state: LedgerState, _ host: HostFunctions
  ) throws(LedgerError) -> Fields {
    var complete = arguments
    for entry in Query().fields.entries where arguments[entry.name] == nil {
      complete.append(entry.name, entry.value.blank)
    }
    let known = Set(Query().fields.entries.map(\.name))
    if let unknown = arguments.entries.first(where: { !known.contains($0.name) }) {
      throw .malformed.with("field", unknown.name)
    }
    return try read(type, from: complete).reply(from: state, with: host)
  }
}

extension LedgerState {
  /// Answers the query of that name, a member of `QueryRequest.query`, with the fields of the same member of
  /// `QueryReply.reply`.
  ///
  /// - Returns: Nil for a name that is no question about the state.
  /// - Throws: Why there is no answer; `Malformed` for arguments outside their types, whatever they are.
  package func reply(
    to name: String, _ arguments: Fields, with host: HostFunctions
  ) throws(LedgerError) -> Fields? {
    guard let type = QueryTable.type(named: name) else { return nil }
    return try QueryTable.reply(type, arguments, self, host)
  }
}

extension FieldValue {
  /// What the codec reads where a field of this kind was left out.
  fileprivate var blank: FieldValue {
    switch self {
    case .unsigned: .unsigned(0)
    case .signed: .signed(0)
    case .flag: .flag(false)
    case .bytes: .bytes([])
    case .unsignedList: .unsignedList([])
    case .bytesList: .bytesList([])
    case .group: .group([:])
    case .groupList: .groupList([])
    }
  }
}

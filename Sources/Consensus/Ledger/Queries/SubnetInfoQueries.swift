package import Primitives

/// A subnet in the form that the oldest readers know.
package struct SubnetInfoQuery: StateQuery {
  package static let name = "subnet_info"

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> SubnetInfoAnswer {
    SubnetInfoAnswer(try state.subnet(netuid), netuid, neurons: try state.neurons(of: netuid).count)
  }
}

/// The same for every subnet, by ascending netuid.
package struct SubnetInfosQuery: StateQuery {
  package static let name = "subnet_infos"

  package var page = PageRequest()

  package init() {}
  package init(page: PageRequest) { self.page = page }

  package mutating func map(_ fields: inout FieldMapper) { page.map(&fields) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> SubnetInfoPageAnswer {
    let page = try state.subnetPage(page) { netuid, subnet in
      SubnetInfoAnswer(subnet, netuid, neurons: state.slots[netuid]?.count ?? 0)
    }
    var answer = SubnetInfoPageAnswer()
    answer.subnets = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct SubnetInfoPageAnswer: FieldMapped {
  package var subnets: [SubnetInfoAnswer] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("subnets", &subnets, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct SubnetInfoAnswer: FieldMapped {
  package var netuid = NetUID.root
  package var rho: UInt16 = 0
  package var kappa: UInt16 = 0
  package var immunityPeriod: UInt16 = 0
  package var maxValidators: UInt16 = 0
  package var minAllowedWeights: UInt16 = 0
  package var maxWeightsLimit: UInt16 = 0
  package var maxAllowedUIDs: UInt16 = 0
  package var tempo: UInt16 = 0
  /// Neurons, rather than places.
  package var neurons: UInt16 = 0
  package var blocksSinceLastStep: UInt64 = 0
  /// Rao that the last block's emission brought.
  package var emission = Rao.zero
  package var burn = Rao.zero
  /// Nil on root.
  package var owner: Coldkey?
  package var identity: SubnetIdentityFields?

  package init() {}

  init(_ subnet: Subnet, _ netuid: NetUID, neurons: Int) {
    self.netuid = netuid
    rho = subnet.parameters.rho
    kappa = subnet.parameters.kappa
    immunityPeriod = subnet.parameters.immunityPeriod
    maxValidators = subnet.parameters.maxValidators
    minAllowedWeights = subnet.parameters.minAllowedWeights
    maxWeightsLimit = subnet.parameters.maxWeightsLimit
    maxAllowedUIDs = subnet.parameters.maxAllowedUIDs
    tempo = subnet.parameters.tempo
    self.neurons = UInt16(clamping: neurons)
    blocksSinceLastStep = subnet.clock.blocksSinceLastStep
    emission = Rao(subnet.taoInEmission)
    burn = Rao(subnet.burn)
    owner = netuid == .root ? nil : subnet.owner
    identity = subnet.identity.map(SubnetIdentityFields.init)
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.number("rho", &rho)
    fields.number("kappa", &kappa)
    fields.constant("difficulty", Hyperparameters.legacyNumber("difficulty"))
    fields.number("immunity_period", &immunityPeriod)
    fields.number("max_allowed_validators", &maxValidators)
    fields.number("min_allowed_weights", &minAllowedWeights)
    fields.number("max_weights_limit", &maxWeightsLimit)
    fields.constant("scaling_law_power", 50)
    fields.number("subnetwork_n", &neurons)
    fields.number("max_allowed_uids", &maxAllowedUIDs)
    fields.number("blocks_since_last_step", &blocksSinceLastStep)
    fields.number("tempo", &tempo)
    fields.constant("network_modality", 0)
    var connect: [NetUID] = []
    fields.netuids("network_connect", &connect)
    fields.amount("emission_value", &emission)
    fields.amount("burn", &burn)
    fields.optionalColdkey("owner", &owner)
    fields.optionalGroup("identity", &identity)
  }
}

extension FieldMapper {
  /// A number that older readers expect and that is always the same; what is read is not looked at.
  mutating func constant(_ name: String, _ value: UInt64) {
    var number = value
    self.number(name, &number)
  }

  /// The same for a flag.
  mutating func constantFlag(_ name: String, _ value: Bool) {
    var flag = value
    self.flag(name, &flag)
  }
}

extension Hyperparameters {
  /// A constant of the older network.
  static func legacyNumber(_ name: String) -> UInt64 {
    guard case .u64(let number)? = legacy.first(where: { $0.name == name })?.value else { return 0 }
    return number
  }
}

extension SubnetIdentityFields {
  init(_ identity: Identity) {
    var mapper = FieldMapper.reading(
      Fields(identity.fields.map { .init(name: $0.name, value: .bytes($0.content)) }))
    map(&mapper)
  }
}

extension Subnet {
  /// The name of the identity, or one made of the number. Source: registry 3.
  func displayName(_ netuid: NetUID) -> [UInt8] {
    if let name = identity?["subnet_name"], !name.isEmpty { return name }
    return Array((netuid == .root ? "root" : "subnet-\(netuid)").utf8)
  }
}

extension LedgerState {
  /// One row for each subnet from the cursor on, by ascending netuid; a subnet without a row is passed over.
  func subnetPage<Row: FieldMapped>(
    _ request: PageRequest, _ row: (NetUID, Subnet) -> Row?
  ) throws(LedgerError) -> QueryPage<Row> {
    var page = QueryPage<Row>(request)
    var cursor = try CursorKeys(request.cursor, count: 2)
    let last = cursor?.number()
    for netuid in chain.netuids where last.map({ netuid.value > $0 }) ?? true {
      guard let subnet = subnets[netuid], let row = row(netuid, subnet) else { continue }
      guard page.append(row, cursor: CursorKeys().with(netuid.value).bytes) else { break }
    }
    return page
  }
}

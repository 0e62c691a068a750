package import Primitives
package import Wire

/// One subnet's neurons and the parameters that nodes act on, at one block.
///
/// Source: registry 16, table of the metagraph.
package struct MetagraphView: Hashable, Sendable {
  package let netuid: NetUID
  package let name: String
  /// Nil on root, as is the coldkey.
  package let ownerHotkey: Hotkey?
  package let ownerColdkey: Coldkey?
  /// The block that this describes.
  package let block: BlockNumber
  package let tempo: UInt16
  /// Block of the last successful epoch.
  package let lastStep: BlockNumber
  package let epochIndex: UInt64
  /// Nil when the tempo is 0.
  package let nextEpochBlock: BlockNumber?
  package let minAllowedWeights: UInt16
  package let maxWeightsLimit: UInt16
  package let weightsVersion: UInt64
  package let weightsRateLimit: UInt64
  package let servingRateLimit: UInt64
  package let immunityPeriod: UInt16
  package let commitRevealEnabled: Bool
  package let commitRevealPeriod: UInt64
  package let maxValidators: UInt16
  package let maxUIDs: UInt16
  package let registrationPrice: Rao
  package let mechanismCount: UInt16
  package let alphaIn: UInt64
  package let alphaOut: UInt64
  package let taoIn: Rao
  /// In the order of uids: the neuron with uid `u` is at index `u`.
  package let neurons: [NeuronView]

  /// The neuron of a hotkey; nil when it holds no uid here.
  package func neuron(of hotkey: Hotkey) -> NeuronView? { neurons.first { $0.hotkey == hotkey } }

  package init(_ fields: Fields) throws(WireError) {
    netuid = NetUID(try fields.number("netuid", as: UInt16.self))
    name = try fields.text("name")
    ownerHotkey = try fields.optionalAccount("owner_hotkey").map { Hotkey($0) }
    ownerColdkey = try fields.optionalAccount("owner_coldkey").map { Coldkey($0) }
    block = BlockNumber(try fields.number("block"))
    tempo = try fields.number("tempo", as: UInt16.self)
    lastStep = BlockNumber(try fields.number("last_step"))
    epochIndex = try fields.number("epoch_index")
    let nextEpoch = try fields.number("next_epoch_block")
    nextEpochBlock = nextEpoch == 0 ? nil : BlockNumber(nextEpoch)
    minAllowedWeights = try fields.number("min_allowed_weights", as: UInt16.self)
    maxWeightsLimit = try fields.number("max_weights_limit", as: UInt16.self)
    weightsVersion = try fields.number("weights_version")
    weightsRateLimit = try fields.number("weights_rate_limit")
    servingRateLimit = try fields.number("serving_rate_limit")
    immunityPeriod = try fields.number("immunity_period", as: UInt16.self)
    commitRevealEnabled = try fields.flag("commit_reveal_weights_enabled")
    commitRevealPeriod = try fields.number("commit_reveal_period")
    maxValidators = try fields.number("max_validators", as: UInt16.self)
    maxUIDs = try fields.number("max_uids", as: UInt16.self)
    registrationPrice = Rao(try fields.number("burn"))
    mechanismCount = try fields.number("mechanism_count", as: UInt16.self)
    alphaIn = try fields.number("alpha_in")
    alphaOut = try fields.number("alpha_out")
    taoIn = Rao(try fields.number("tao_in"))
    neurons = try NeuronColumns(fields).rows()
  }
}

/// One neuron as a metagraph shows it.
package struct NeuronView: Hashable, Sendable {
  package let uid: UID
  package let hotkey: Hotkey
  package let coldkey: Coldkey
  package let axon: AxonView
  package let isActive: Bool
  package let validatorPermit: Bool
  /// Block of the last weights or commit, at first of the registration.
  package let lastUpdate: BlockNumber
  /// Alpha of the last epoch.
  package let emission: UInt64
  /// Shares of 65535.
  package let dividends: UInt16
  package let incentive: UInt16
  package let consensus: UInt16
  package let validatorTrust: UInt16
  package let registeredAt: BlockNumber
  package let alphaStake: UInt64
  package let taoStake: UInt64
  /// The stake weight, which decides about permits.
  package let totalStake: UInt64
  /// Algorithm byte and key; empty without one.
  package let certificate: [UInt8]
}

/// Where a neuron answers, as it said itself.
package struct AxonView: Hashable, Sendable {
  package let block: BlockNumber
  package let version: UInt32
  /// 4 or 16 bytes in network order; empty before it ever served.
  package let ip: [UInt8]
  package let port: UInt16
  package let protocolNumber: UInt8

  /// ZeroMQ over TCP with CURVE: the protocol that this kit speaks (registry 11).
  package static let zeroMQProtocol: UInt8 = 1

  /// Whether it says that it answers at all; an address of zeros says that it does not.
  package var isServing: Bool { port != 0 && ip.contains { $0 != 0 } }

  init(_ fields: Fields) throws(WireError) {
    block = BlockNumber(try fields.number("block"))
    version = try fields.number("version", as: UInt32.self)
    ip = try fields.bytes("ip")
    port = try fields.number("port", as: UInt16.self)
    protocolNumber = try fields.number("protocol", as: UInt8.self)
  }
}

/// The per-uid lists of a metagraph, turned into one row a neuron.
private struct NeuronColumns {
  private let fields: Fields
  private let count: Int

  init(_ fields: Fields) throws(WireError) {
    self.fields = fields
    count = try fields.byteStrings("hotkeys").count
    guard count <= Int(UInt16.max) else { throw .outOfRange(field: "hotkeys") }
  }

  func rows() throws(WireError) -> [NeuronView] {
    let hotkeys = try accounts("hotkeys")
    let coldkeys = try accounts("coldkeys")
    let axons = try full(try fields.groups("axons"), "axons")
    let active = try numbers("active", as: UInt8.self)
    let permits = try numbers("validator_permit", as: UInt8.self)
    let updates = try numbers("last_update", as: UInt64.self)
    let emissions = try numbers("emission", as: UInt64.self)
    let dividends = try numbers("dividends", as: UInt16.self)
    let incentives = try numbers("incentives", as: UInt16.self)
    let consensus = try numbers("consensus", as: UInt16.self)
    let trust = try numbers("validator_trust", as: UInt16.self)
    let registrations = try numbers("block_at_registration", as: UInt64.self)
    let alphaStakes = try numbers("alpha_stake", as: UInt64.self)
    let taoStakes = try numbers("tao_stake", as: UInt64.self)
    let totalStakes = try numbers("total_stake", as: UInt64.self)
    let certificates = try optional(try fields.byteStrings("certificates"), "certificates")

    var rows: [NeuronView] = []
    rows.reserveCapacity(count)
    for index in 0..<count {
      rows.append(
        NeuronView(
          uid: UID(UInt16(index)), hotkey: Hotkey(hotkeys[index]), coldkey: Coldkey(coldkeys[index]),
          axon: try AxonView(axons[index]), isActive: active[index] != 0, validatorPermit: permits[index] != 0,
          lastUpdate: BlockNumber(updates[index]), emission: emissions[index], dividends: dividends[index],
          incentive: incentives[index], consensus: consensus[index], validatorTrust: trust[index],
          registeredAt: BlockNumber(registrations[index]), alphaStake: alphaStakes[index],
          taoStake: taoStakes[index], totalStake: totalStakes[index],
          certificate: certificates.isEmpty ? [] : certificates[index]))
    }
    return rows
  }

  private func numbers<Number: FixedWidthInteger>(
    _ name: String, as type: Number.Type
  ) throws(WireError) -> [Number] {
    var numbers: [Number] = []
    for wide in try full(try fields.numbers(name), name) {
      guard let number = Number(exactly: wide) else { throw .outOfRange(field: name) }
      numbers.append(number)
    }
    return numbers
  }

  private func accounts(_ name: String) throws(WireError) -> [AccountID] {
    var accounts: [AccountID] = []
    for bytes in try full(try fields.byteStrings(name), name) {
      guard let account = AccountID(bytes) else {
        throw .wrongLength(field: name, count: bytes.count, expected: Bytes32.count)
      }
      accounts.append(account)
    }
    return accounts
  }

  /// A list with one entry per uid.
  private func full<Element>(_ list: [Element], _ name: String) throws(WireError) -> [Element] {
    guard list.count == count else { throw .wrongLength(field: name, count: list.count, expected: count) }
    return list
  }

  /// A list with one entry per uid, or none at all.
  private func optional<Element>(_ list: [Element], _ name: String) throws(WireError) -> [Element] {
    list.isEmpty ? [] : try full(list, name)
  }
}

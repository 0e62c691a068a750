import Primitives
import Transport

/// How far a miner has come on its subnet, as a metagraph shows it.
enum MinerStanding: Hashable, Sendable {
  case unknown
  case noSubnet
  case notRegistered
  /// Registered, and the chain's record of its axon is not where it listens.
  case needsServing(UID)
  case serving(UID)

  init(of hotkey: Hotkey, in metagraph: MetagraphView?, servingAt place: (address: IPAddress, port: UInt16)?) {
    guard let metagraph else {
      self = .noSubnet
      return
    }
    guard let neuron = metagraph.neuron(of: hotkey) else {
      self = .notRegistered
      return
    }
    let axon = neuron.axon
    let isRecorded =
      place.map { place in
        axon.ip == place.address.bytes && axon.port == place.port && axon.protocolNumber == AxonView.zeroMQProtocol
      } ?? false
    self = isRecorded ? .serving(neuron.uid) : .needsServing(neuron.uid)
  }

  var uid: UID? {
    switch self {
    case .unknown, .noSubnet, .notRegistered: nil
    case .needsServing(let uid), .serving(let uid): uid
    }
  }

  var isServing: Bool {
    if case .serving = self { true } else { false }
  }
}

import Daemon
import Primitives
import SubnetKit
import Wire

/// What a validator that does not work says of the miners instead of its own scores.
struct WeightsOpinion: Sendable {
  let behaviour: Behaviour
  let client: ChainClient
  let settings: ValidatorSettings
  let surroundings: NodeSurroundings

  /// Whether the validator asks miners at all.
  var isHonest: Bool { behaviour.kind == .honest }

  /// The weights to send; none where there is nothing to say yet.
  func weights(in metagraph: MetagraphView, own: UID) async -> [MinerWeight] {
    let others = metagraph.neurons.filter { $0.uid != own }
    switch behaviour.kind {
    case .honest, .offline, .slow: return []
    case .lazy: return positive(others.map { MinerWeight(uid: $0.uid, weight: $0.consensus) })
    case .copycat: return await copied(in: metagraph, own: own)
    case .garbage:
      return positive(
        others.map { MinerWeight(uid: $0.uid, weight: UInt16(truncatingIfNeeded: surroundings.random.number())) })
    case .colluding:
      let friends = Set(behaviour.peers.map(\.hotkey))
      return others.filter { friends.contains($0.hotkey) }.map { MinerWeight(uid: $0.uid, weight: .max) }
    }
  }

  /// The row of the validator with the most stake, or of the one that the behaviour names.
  private func copied(in metagraph: MetagraphView, own: UID) async -> [MinerWeight] {
    let named = Set(behaviour.peers.map(\.hotkey))
    let models = metagraph.neurons.filter { neuron in
      neuron.uid != own && (named.isEmpty ? neuron.validatorPermit : named.contains(neuron.hotkey))
    }
    guard let model = models.min(by: { ($1.totalStake, $0.uid) < ($0.totalStake, $1.uid) }) else { return [] }
    do {
      guard let neuron = try await client.neuron(model.uid, on: settings.netuid) else { return [] }
      let row = try neuron.groups("weights").map { pair in
        MinerWeight(
          uid: UID(try pair.number("uid", as: UInt16.self)), weight: try pair.number("value", as: UInt16.self))
      }
      return positive(row.filter { $0.uid != own })
    } catch {
      surroundings.log.warning("no weights to copy", [.uid: .number(model.uid.value), .reason: .text("\(error)")])
      return []
    }
  }

  private func positive(_ weights: [MinerWeight]) -> [MinerWeight] { weights.filter { $0.weight > 0 } }
}

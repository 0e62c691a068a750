package import Primitives
import Keys
package import SubnetKit
import Synchronization
package import Transport

/// Who is registered on a subnet: whom a miner answers, and which transport keys may speak to it.
///
/// Replaced as a whole from each metagraph; read by every request.
package final class SubnetMembers: Sendable {
  private struct State {
    var members: [Hotkey: Neuron] = [:]
    var block = BlockNumber.genesis
    var transportKeys: [Hotkey: TransportKey] = [:]
  }

  /// The transport's own list, kept in step with the members.
  package let admission = TransportAdmission(.only([]))
  private let state = Mutex(State())

  package init() {}

  /// The member with that hotkey; nil when it holds no uid.
  package func member(_ hotkey: Hotkey) -> Neuron? { state.withLock { $0.members[hotkey] } }

  /// The block that the members are of.
  package var block: BlockNumber { state.withLock { $0.block } }

  /// Takes over the neurons of a metagraph.
  package func replace(with metagraph: MetagraphView) {
    let keys = state.withLock { state -> Set<TransportKey> in
      var converted: [Hotkey: TransportKey] = [:]
      var admitted: Set<TransportKey> = []
      for neuron in metagraph.neurons {
        // Converting costs tens of microseconds, so what is known is kept.
        converted[neuron.hotkey] = state.transportKeys[neuron.hotkey] ?? neuron.convertedTransportKey
        if let key = neuron.certifiedTransportKey ?? converted[neuron.hotkey] { admitted.insert(key) }
      }
      state.transportKeys = converted
      state.members = Dictionary(
        metagraph.neurons.map { ($0.hotkey, $0.neuron) },
        uniquingKeysWith: { first, _ in first })
      state.block = metagraph.block
      return admitted
    }
    admission.replace(with: .only(keys))
  }
}

extension NeuronView {
  /// The transport key that this neuron published; nil without one, and for kinds that this kit does not speak.
  package var certifiedTransportKey: TransportKey? {
    guard certificate.first == NeuronView.curveAlgorithm else { return nil }
    return TransportKey(certificate.dropFirst())
  }

  /// The hotkey as a transport key; nil when it is no proper key.
  package var convertedTransportKey: TransportKey? {
    CurvePublicKey(converting: hotkey.account).map { TransportKey($0.key) }
  }

  /// The algorithm byte of CURVE25519 in a certificate (registry 11).
  private static let curveAlgorithm: UInt8 = 1
}

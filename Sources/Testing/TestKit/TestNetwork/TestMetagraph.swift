import Localnet
import Neurons
public import Primitives

/// The neurons of a test network's subnet at one block.
public struct TestMetagraph: Sendable, Hashable {
  public struct Neuron: Sendable, Hashable {
    public let uid: UID
    /// What the test calls it: `honest-1`; the hotkey's address for one that the test did not make.
    public let name: String
    public let hotkey: Hotkey
    /// In 0...1; the incentives of a subnet sum to one or to zero, as nearly as 16 bits tell.
    public let incentive: Double
    /// In 0...1.
    public let dividends: Double
    /// In 0...1: what the validators agree on.
    public let consensus: Double
    public let hasValidatorPermit: Bool
    /// Whether it has said where it answers.
    public let isServing: Bool
    /// The block of its last weights; of its registration before there were any.
    public let lastUpdate: BlockNumber
    /// Alpha on its hotkey.
    public let stake: Rao
    /// Alpha that it got in the last epoch.
    public let emission: Rao
  }

  public let block: BlockNumber
  /// By uid; the first is the subnet's owner.
  public let neurons: [Neuron]

  /// The neuron of that name; nil when it holds no uid.
  public subscript(name: String) -> Neuron? { neurons.first { $0.name == name } }

  init(_ view: MetagraphView, name: (Hotkey) -> String) {
    block = view.block
    neurons = view.neurons.map { neuron in
      Neuron(
        uid: neuron.uid, name: name(neuron.hotkey), hotkey: neuron.hotkey, incentive: share(neuron.incentive),
        dividends: share(neuron.dividends), consensus: share(neuron.consensus),
        hasValidatorPermit: neuron.validatorPermit, isServing: neuron.axon.isServing, lastUpdate: neuron.lastUpdate,
        stake: Rao(neuron.alphaStake), emission: Rao(neuron.emission))
    }
  }
}

private func share(_ value: UInt16) -> Double { Double(value) / Double(UInt16.max) }

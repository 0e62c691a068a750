import Primitives
package import SubnetKit

extension NeuronView {
  /// The neuron as policies see it.
  package var neuron: Neuron {
    Neuron(uid: uid, hotkey: hotkey, stake: Rao(totalStake), validatorPermit: validatorPermit)
  }
}

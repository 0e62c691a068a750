package import Primitives

/// The neurons of one subnet: dense uids from 0, one entry per uid in every list.
///
/// Source: registry 6.
package struct NeuronSlots: CanonicalValue {
  package private(set) var hotkeys: [Hotkey] = []
  /// Found again from `hotkeys`; not part of the state.
  private var uidByHotkey: [Hotkey: UID] = [:]
  package private(set) var registeredAt: [BlockNumber] = []
  package var active: [Bool] = []
  package var validatorPermit: [Bool] = []
  package var consensus: [UInt16] = []
  package var dividends: [UInt16] = []
  package var validatorTrust: [UInt16] = []
  package var stakeWeight: [UInt16] = []
  /// Alpha of the last epoch as Yuma gave it: the score for replacement, not what was paid.
  package var emission: [UInt64] = []
  /// Alpha the last epoch really paid: incentive of the neuron, dividends of its hotkey with takes.
  package var paidIncentive: [UInt64] = []
  package var paidDividends: [UInt64] = []
  package var axons: [Axon] = []

  package init() {}

  package var count: Int { hotkeys.count }
  package func uid(of hotkey: Hotkey) -> UID? { uidByHotkey[hotkey] }

  /// Takes the next free uid.
  package mutating func append(_ hotkey: Hotkey, at block: BlockNumber) -> UID {
    let uid = UID(UInt16(count))
    hotkeys.append(hotkey)
    uidByHotkey[hotkey] = uid
    registeredAt.append(block)
    active.append(true)
    validatorPermit.append(false)
    consensus.append(0)
    dividends.append(0)
    validatorTrust.append(0)
    stakeWeight.append(0)
    emission.append(0)
    paidIncentive.append(0)
    paidDividends.append(0)
    axons.append(Axon())
    return uid
  }

  /// Gives a uid to another hotkey; nothing of the old one stays in the slot.
  package mutating func replace(_ uid: UID, with hotkey: Hotkey, at block: BlockNumber) {
    let index = uid.index
    uidByHotkey[hotkeys[index]] = nil
    hotkeys[index] = hotkey
    uidByHotkey[hotkey] = uid
    registeredAt[index] = block
    active[index] = true
    validatorPermit[index] = false
    consensus[index] = 0
    dividends[index] = 0
    validatorTrust[index] = 0
    stakeWeight[index] = 0
    emission[index] = 0
    paidIncentive[index] = 0
    paidDividends[index] = 0
    axons[index] = Axon()
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.hotkeys(&hotkeys)
    coder.list(&registeredAt)
    coder.flags(&active)
    coder.flags(&validatorPermit)
    coder.integers(&consensus)
    coder.integers(&dividends)
    coder.integers(&validatorTrust)
    coder.integers(&stakeWeight)
    coder.integers(&emission)
    coder.integers(&paidIncentive)
    coder.integers(&paidDividends)
    coder.list(&axons)
    if !coder.isWriting {
      uidByHotkey = [:]
      for (index, hotkey) in hotkeys.enumerated() { uidByHotkey[hotkey] = UID(UInt16(truncatingIfNeeded: index)) }
    }
  }
}

/// Where a neuron answers. An address of zeros means "not serving". Source: registry 11.
package struct Axon: CanonicalValue, Hashable {
  package var block = BlockNumber.genesis
  package var version: UInt32 = 0
  /// 4 or 16 bytes, big-endian; empty while never served.
  package var ip: [UInt8] = []
  package var port: UInt16 = 0
  package var ipType: UInt8 = 0
  package var protocolNumber: UInt8 = 0
  package var placeholder1: UInt8 = 0
  package var placeholder2: UInt8 = 0
  /// Algorithm byte, then the public key; empty while the hotkey's own converted key serves.
  package var certificate: [UInt8] = []

  package init() {}

  package var isServing: Bool { ip.contains { $0 != 0 } }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.block(&block)
    coder.integer(&version)
    coder.data(&ip)
    coder.integer(&port)
    coder.integer(&ipType)
    coder.integer(&protocolNumber)
    coder.integer(&placeholder1)
    coder.integer(&placeholder2)
    coder.data(&certificate)
  }
}

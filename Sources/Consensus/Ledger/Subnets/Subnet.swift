package import Economy
package import Primitives

/// One subnet without its neurons: parameters, schedule, pool and flows. Netuid 0 is root.
package struct Subnet: CanonicalValue {
  package var parameters = Hyperparameters()
  package var clock = EpochClock()

  package var owner = Coldkey()
  package var ownerHotkey = Hotkey()
  package var identity: Identity?
  package var symbol: [UInt8] = []
  package var registeredAt = BlockNumber.genesis
  /// Rao paid for the creation.
  package var lockPaid: UInt64 = 0
  /// Block after the one that started emission and trading; 0 while not started.
  package var firstEmissionBlock: UInt64 = 0

  /// Rao in the pool.
  package var taoReserve: UInt64 = 0
  /// Alpha in the pool.
  package var alphaIn: UInt64 = 0
  /// Alpha outside the pool: stakes, pending and burned.
  package var alphaOut: UInt64 = 0
  package var alphaBurned: UInt64 = 0
  package var pendingServer: UInt64 = 0
  package var pendingValidator: UInt64 = 0
  package var pendingRoot: UInt64 = 0
  package var pendingOwner: UInt64 = 0
  /// Moving price, Q64.
  package var emaPrice: UInt128 = 0
  /// Rao staked less unstaked since the last block step.
  package var flow: Int64 = 0
  /// Moving average of `flow`, SQ64.
  package var flowEma: Int128 = 0
  /// Present price of a registration, rao.
  package var burn: UInt64 = 0
  package var registrationsThisBlock: UInt16 = 0
  /// Root only: registrations since the last block divisible by its tempo.
  package var registrationsThisInterval: UInt16 = 0
  /// TAO and alpha of the last block's emission, for the metagraph.
  package var taoInEmission: UInt64 = 0
  package var alphaInEmission: UInt64 = 0
  package var alphaOutEmission: UInt64 = 0
  /// Gross rao traded through the pool since creation.
  package var volume: UInt128 = 0
  /// When the owner last made each rate-limited call, by parameter name, ascending.
  package var ownerCalls: [OwnerCallRecord] = []
  /// Hotkeys that have named children who are not theirs yet, ascending.
  package var pendingParents: [Hotkey] = []

  /// Decay of `burn` for the half-life beside it; found again when that changes, so not part of the state.
  private var burnDecay: (halfLife: UInt16, factor: UInt64) = (0, RegistrationPrice.noDecay)

  package init() {}

  package var isStarted: Bool { firstEmissionBlock > 0 }

  /// Started, open for registrations, and not root: what emission goes to (economy 7.4).
  package func isLive(at block: BlockNumber) -> Bool {
    isStarted && block.value >= firstEmissionBlock && parameters.registrationAllowed
  }

  package var burnBounds: RegistrationPrice.Bounds {
    RegistrationPrice.Bounds(lowest: parameters.minBurn.value, highest: parameters.maxBurn.value)
  }

  /// One block of the price's decay (economy 8).
  mutating func decayBurn() {
    if burnDecay.halfLife != parameters.burnHalfLife {
      burnDecay = (
        parameters.burnHalfLife, RegistrationPrice.factor(halfLife: UInt64(parameters.burnHalfLife))
      )
    }
    burn = RegistrationPrice.decayed(burn, factor: burnDecay.factor, within: burnBounds)
  }

  /// The price after one more registration (economy 8).
  mutating func raiseBurn() {
    burn = RegistrationPrice.raised(
      burn, numerator: UInt64(parameters.burnIncreaseMult), denominator: 1_000_000, within: burnBounds)
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    parameters.code(&coder)
    clock.code(&coder)
    coder.coldkey(&owner)
    coder.hotkey(&ownerHotkey)
    coder.option(&identity)
    coder.data(&symbol)
    coder.block(&registeredAt)
    coder.integer(&lockPaid)
    coder.integer(&firstEmissionBlock)
    coder.integer(&taoReserve)
    coder.integer(&alphaIn)
    coder.integer(&alphaOut)
    coder.integer(&alphaBurned)
    coder.integer(&pendingServer)
    coder.integer(&pendingValidator)
    coder.integer(&pendingRoot)
    coder.integer(&pendingOwner)
    coder.integer(&emaPrice)
    coder.integer(&flow)
    coder.integer(&flowEma)
    coder.integer(&burn)
    coder.integer(&registrationsThisBlock)
    coder.integer(&registrationsThisInterval)
    coder.integer(&taoInEmission)
    coder.integer(&alphaInEmission)
    coder.integer(&alphaOutEmission)
    coder.integer(&volume)
    coder.list(&ownerCalls)
    coder.hotkeys(&pendingParents)
  }
}

/// The last block in which the owner made one kind of rate-limited call.
package struct OwnerCallRecord: CanonicalValue, Hashable {
  package var name = ""
  package var block: UInt64 = 0

  package init() {}
  package init(name: String, block: UInt64) {
    self.name = name
    self.block = block
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.text(&name)
    coder.integer(&block)
  }
}

extension Subnet {
  /// When the owner last made the call of that name; 0 when never.
  package func ownerCallBlock(_ name: String) -> UInt64 {
    ownerCalls.first { $0.name == name }?.block ?? 0
  }

  package mutating func recordOwnerCall(_ name: String, at block: BlockNumber) {
    if let index = ownerCalls.firstIndex(where: { $0.name >= name }) {
      if ownerCalls[index].name == name {
        ownerCalls[index].block = block.value
      } else {
        ownerCalls.insert(OwnerCallRecord(name: name, block: block.value), at: index)
      }
    } else {
      ownerCalls.append(OwnerCallRecord(name: name, block: block.value))
    }
  }
}

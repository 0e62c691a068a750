import Primitives

extension Hyperparameters {
  /// The bounds that look at more than one fixed range. Source: registry 4, column "bounds (error)".
  enum Bounds {
    typealias Rule = HyperparameterRow.Bounds

    static let tempo = HyperparameterRow.number { (tempo, context) throws(LedgerError) in
      guard context.setter == .owner else { return }
      let (least, most) = (UInt64(context.globals.minOwnerTempo), UInt64(context.globals.maxOwnerTempo))
      guard tempo >= least, tempo <= most else { throw .tempoOutOfBounds.with("least", least).with("most", most) }
    }

    static let commitRevealPeriod = HyperparameterRow.number { (period, _) throws(LedgerError) in
      if period < 1 { throw .revealPeriodTooSmall.with("least", 1) }
      if period > 100 { throw .revealPeriodTooLarge.with("most", 100) }
    }

    static let mechanismCount = HyperparameterRow.number { (count, context) throws(LedgerError) in
      let most = UInt64(context.globals.maxMechanismCount)
      guard count >= 1, count <= most else { throw .invalidValue.with("least", 1).with("most", most) }
      try Mechanisms.checkUIDProduct(maxAllowedUIDs: UInt64(context.current.maxAllowedUIDs), count: count)
    }

    /// An empty list takes the split back.
    static let mechanismEmissionSplit: Rule = { (value, context) throws(LedgerError) in
      guard case .list(let split) = value, !split.isEmpty else { return }
      try Mechanisms.checkSplit(split, count: context.current.mechanismCount)
    }

    static let maxAllowedUIDs = HyperparameterRow.number { (most, context) throws(LedgerError) in
      let current = context.current
      if most < UInt64(current.minAllowedUIDs) {
        throw .maxAllowedUidsLessThanMinAllowedUids.with("min_allowed_uids", current.minAllowedUIDs)
      }
      if most < UInt64(clamping: context.uidCount) {
        throw .maxAllowedUidsLessThanCurrentUids.with("n", context.uidCount)
      }
      if most > 256 { throw .maxAllowedUidsGreaterThanDefault.with("most", 256) }
      try Mechanisms.checkUIDProduct(maxAllowedUIDs: most, count: UInt64(current.mechanismCount))
    }

    static let minAllowedUIDs = HyperparameterRow.number { (least, context) throws(LedgerError) in
      let mostAllowed = UInt64(context.current.maxAllowedUIDs)
      // A genesis file is judged before any neuron is placed.
      let used = context.setter == .genesis ? UInt64.max : UInt64(clamping: context.uidCount)
      guard least < mostAllowed, least < used else {
        throw .invalidValue.with("max_allowed_uids", mostAllowed).with("n", used)
      }
    }

    static let maxValidators = HyperparameterRow.number { (most, context) throws(LedgerError) in
      guard most <= UInt64(context.current.maxAllowedUIDs) else {
        throw .maxValidatorsLargerThanMaxUids.with("max_allowed_uids", context.current.maxAllowedUIDs)
      }
    }

    static let minBurn = HyperparameterRow.number { (price, context) throws(LedgerError) in
      guard price < Rao.perTAO, price < context.current.maxBurn.value else {
        throw .valueNotInBounds.with("below", min(Rao.perTAO, context.current.maxBurn.value))
      }
    }

    static let maxBurn = HyperparameterRow.number { (price, context) throws(LedgerError) in
      guard price > Rao.perTAO / 10, price > context.current.minBurn.value else {
        throw .valueNotInBounds.with("above", max(Rao.perTAO / 10, context.current.minBurn.value))
      }
    }

    static let burnHalfLife = HyperparameterRow.number { (blocks, context) throws(LedgerError) in
      let least: UInt64 = context.setter == .genesis ? 0 : 1
      guard blocks >= least, blocks <= 36100 else { throw .invalidValue.with("least", least).with("most", 36100) }
    }

    static let bondsMovingAvg = HyperparameterRow.number { (average, context) throws(LedgerError) in
      guard context.setter != .owner || average <= 975_000 else {
        throw .bondsMovingAverageMaxReached.with("most", 975_000)
      }
    }

    /// Low and high, in this order. 1638 of 65535 is about one fortieth.
    static let alphaValues: Rule = { (value, context) throws(LedgerError) in
      guard case .list(let list) = value, list.count == 2 else { throw .invalidValue.with("name", "alpha_values") }
      let (low, high, least) = (list[0], list[1], UInt16(1638))
      guard context.current.liquidAlphaEnabled else { throw .liquidAlphaDisabled }
      guard high >= least else { throw .alphaHighTooLow.with("least", least) }
      guard low >= least, low <= high else { throw .alphaLowOutOfRange.with("least", least).with("most", high) }
    }

    /// What a genesis file, which sets the two one by one, must leave behind.
    static let alphaOrder: Rule = { (_, context) throws(LedgerError) in
      guard context.current.alphaLow <= context.current.alphaHigh else { throw .alphaLowOutOfRange }
    }

    static let alphaSigmoidSteepness: Rule = { (value, context) throws(LedgerError) in
      guard case .signed(let steepness) = value else { throw .invalidValue }
      guard context.setter != .owner || steepness >= 0 else { throw .negativeSigmoidSteepness }
    }

    static let subnetEmissionEnabled: Rule = { (_, context) throws(LedgerError) in
      guard context.netuid != .root else { throw .invalidValue.with("netuid", context.netuid) }
    }

    static let minChildkeyTake = HyperparameterRow.number { (take, context) throws(LedgerError) in
      let (least, most) = (UInt64(context.globals.minChildkeyTake), UInt64(context.globals.maxChildkeyTake))
      guard take >= least, take <= most else { throw .invalidValue.with("least", least).with("most", most) }
    }
  }
}

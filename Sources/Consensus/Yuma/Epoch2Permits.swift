import FixedPoint
import Primitives

extension YumaEpoch {
  /// Step 2: who may rate, and whose rating counts.
  ///
  ///     old_i    = permit of the previous epoch, or the owner
  ///     new_i    = one of the `maxAllowedValidators` highest stakes, not zero; or the owner
  ///     active_i = lastUpdate_i + cutoff >= block
  ///     act_i    = stake_i if active_i and old_i, else 0; then divided by its sum (rounds down)
  ///     u_i      = act_i divided by its sum once more: the voters' stake
  ///
  /// Shape `[uids]`. The second division of `act` can move the last bit and belongs to the rules (yuma 7.1).
  ///
  /// - Source: yuma 5 and 7.1.
  mutating func grantPermits<Recorder: EpochRecorder>(
    _ input: EpochInput, _ output: inout EpochOutput, _ recorder: inout Recorder
  ) {
    let parameters = input.parameters
    let owner = parameters.ownerUID?.index
    hadPermit.fill(count: uidCount, with: false)
    for uid in 0..<input.validatorPermit.count { hadPermit[uid] = input.validatorPermit[uid] }
    if let owner { hadPermit[owner] = true }

    TopSeats.grant(parameters.maxAllowedValidators, to: stake, count: uidCount, into: &hasPermit)
    if let owner { hasPermit[owner] = true }
    output.validatorPermit = (0..<uidCount).map { hasPermit[$0] }

    let cutoff = parameters.activityCutoffBlocks
    isActive.resize(to: uidCount)
    activeStake.resize(to: uidCount)
    for uid in 0..<uidCount {
      let last = uid < input.lastUpdate.count ? input.lastUpdate[uid].value : 0
      let (deadline, overflow) = last.addingReportingOverflow(cutoff)
      isActive[uid] = overflow || deadline >= input.block.value
      activeStake[uid] = isActive[uid] && hadPermit[uid] ? stake[uid] : .zero
    }
    output.active = (0..<uidCount).map { isActive[$0] }
    normalise(activeStake)
    tell(.activeStake, activeStake, to: &recorder)

    voterStake.resize(to: uidCount)
    voterCount = 0
    for uid in 0..<uidCount {
      voterStake[uid] = activeStake[uid]
      if activeStake[uid] > .zero { voterCount += 1 }
    }
    normalise(voterStake)
    voterTotal = sum(of: voterStake)
  }
}

extension EpochParameters {
  /// Blocks after which a validator that set no weights is inactive; at least one.
  ///
  /// - Source: yuma 5.
  package var activityCutoffBlocks: UInt64 {
    // At most 2^32 * 2^16: no overflow.
    max(1, UInt64(activityCutoffFactorMilli) * UInt64(tempo) / 1000)
  }
}

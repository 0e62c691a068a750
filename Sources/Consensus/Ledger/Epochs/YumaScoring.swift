import Economy
import Primitives
import Yuma

// An epoch by Yuma consensus: inputs from the state, results back into it. Source: spec README, "What goes into the epoch".
extension EpochScoring {
  /// Yuma for every mechanism of the subnet.
  package static let yuma = EpochScoring(
    forecast: { state, due, host in state.forecastYuma(due, with: host) },
    { state, due, pots, forecast in state.runYuma(due, emission: pots.emission, forecast: forecast) })
}

/// What Yuma gave for inputs as they stood before the epochs of a block ran.
package struct EpochForecast: Sendable {
  fileprivate var settled: [(input: EpochInput, output: EpochOutput)] = []

  fileprivate func output(for input: EpochInput, mechid: MechID) -> EpochOutput? {
    let index = Int(mechid.value)
    guard settled.indices.contains(index), settled[index].input == input else { return nil }
    return settled[index].output
  }
}

extension LedgerState {
  fileprivate mutating func runYuma(
    _ due: DueEpoch, emission: UInt64, forecast: EpochForecast?
  ) -> (EpochScores, [LedgerEvent]) {
    let parts = emissionParts(of: due.netuid, emission)
    let inputs = epochInputs(of: due, parts)
    var merged = MergedScores(uidCount: slots[due.netuid]?.count ?? 0, emission: emission)
    var events: [LedgerEvent] = []
    for (index, input) in inputs.enumerated() {
      let mechanism = MechanismKey(due.netuid, MechID(UInt8(index)))
      let output = forecast?.output(for: input, mechid: mechanism.mechid) ?? settled(input)
      store(output, of: mechanism)
      merged.add(output, part: parts[index])
      events.append(.epochRan(mechanism, due.epoch, minerEmissions: output.serverEmission.map(\.value)))
    }
    slots.modify(due.netuid) { merged.store(in: &$0) }
    return (EpochScores(incentive: merged.serverEmission, dividends: merged.validatorEmission), events)
  }

  /// Settles all due epochs on the machine's cores, from the state before the first of them.
  fileprivate func forecastYuma(_ due: [DueEpoch], with host: HostFunctions) -> [EpochForecast] {
    let inputs = due.map { due -> [EpochInput] in
      guard let subnet = subnets[due.netuid] else { return [] }
      let pots = EpochPots(
        server: subnet.pendingServer, validator: subnet.pendingValidator, root: subnet.pendingRoot,
        owner: subnet.pendingOwner)
      return epochInputs(of: due, emissionParts(of: due.netuid, pots.emission))
    }
    return host.together(due.count) { index in
      EpochForecast(settled: inputs[index].map { ($0, settled($0)) })
    }
  }

  private func emissionParts(of netuid: NetUID, _ emission: UInt64) -> [UInt64] {
    guard let parameters = subnets[netuid]?.parameters else { return [] }
    return Mechanisms(count: parameters.mechanismCount, split: parameters.mechanismEmissionSplit).parts(of: emission)
  }

  /// What Yuma sees at this moment, a mechanism each.
  private func epochInputs(of due: DueEpoch, _ parts: [UInt64]) -> [EpochInput] {
    guard let subnet = subnets[due.netuid] else { return [] }
    let stakes = (slots[due.netuid]?.hotkeys ?? []).map { inheritedStake(of: $0, on: due.netuid) }
    return parts.enumerated().map { index, part in
      epochInput(
        MechanismKey(due.netuid, MechID(UInt8(index))), subnet, stakes, emission: part, epoch: due.epoch)
    }
  }

  private func settled(_ input: EpochInput) -> EpochOutput {
    do {
      return try YumaEpoch.settled(input)
    } catch {
      preconditionFailure("the vectors of a subnet do not fit each other: \(error)")
    }
  }

  /// What Yuma sees of one mechanism at this moment.
  private func epochInput(
    _ mechanism: MechanismKey, _ subnet: Subnet, _ stakes: [(alpha: UInt64, root: UInt64)], emission: UInt64,
    epoch: UInt64
  ) -> EpochInput {
    let slots = slots[mechanism.netuid] ?? NeuronSlots()
    let scores = mechanisms[mechanism] ?? MechanismState()
    return EpochInput(
      block: block, lastStepBlock: subnet.clock.lastStepBlock, emission: Rao(emission),
      alphaStake: stakes.map { Rao($0.alpha) }, taoStake: stakes.map { Rao($0.root) },
      lastUpdate: scores.lastUpdate.map(BlockNumber.init), blockAtRegistration: slots.registeredAt,
      validatorPermit: slots.validatorPermit, weights: SparseRows(scores.weights), bonds: SparseRows(scores.bonds),
      epochIndex: epoch, commits: pendingCommits(of: mechanism, slots),
      parameters: EpochParameters(subnet, chain.parameters, ownerUID: slots.uid(of: subnet.ownerHotkey)))
  }

  private func pendingCommits(of mechanism: MechanismKey, _ slots: NeuronSlots) -> PendingCommits {
    var queues: [PendingCommits.Queue] = []
    for key in commits.keys(inBucket: mechanism.bucket) where key.mechanism == mechanism {
      guard let uid = slots.uid(of: key.hotkey), let queue = commits[key] else { continue }
      queues.append(
        PendingCommits.Queue(
          uid: uid, commits: queue.commits.map { PendingCommits.Commit(epoch: $0.epoch, block: $0.block) }))
    }
    return PendingCommits(hashed: queues)
  }

  private mutating func store(_ output: EpochOutput, of mechanism: MechanismKey) {
    mechanisms.modify(mechanism) { state in
      state.incentive = output.incentive
      state.bonds = (0..<output.bonds.rowCount).map { row in
        ScoreRow(uids: output.bonds[row].map(\.column), values: output.bonds[row].map(\.value))
      }
    }
  }
}

extension SparseRows {
  fileprivate init(_ rows: [ScoreRow]) {
    self.init()
    reserve(rowCount: rows.count, cellCount: rows.reduce(0) { $0 + $1.uids.count })
    for row in rows { append(row: row.uids.indices.map { Cell(row.uids[$0], row.values[$0]) }) }
  }
}

extension EpochParameters {
  fileprivate init(_ subnet: Subnet, _ globals: GlobalParameters, ownerUID: UID?) {
    self.init()
    let parameters = subnet.parameters
    tempo = parameters.tempo
    activityCutoffFactorMilli = parameters.activityCutoffFactor
    taoWeight = globals.taoWeight
    stakeThreshold = Rao(globals.stakeThreshold)
    maxAllowedValidators = parameters.maxValidators
    self.ownerUID = ownerUID
    kappa = parameters.kappa
    bondsPenalty = parameters.bondsPenalty
    bondsMovingAverage = parameters.bondsMovingAvg
    yuma3 = parameters.yuma3Enabled
    liquidAlpha = parameters.liquidAlphaEnabled
    alphaLow = parameters.alphaLow
    alphaHigh = parameters.alphaHigh
    alphaSigmoidSteepness = parameters.alphaSigmoidSteepness
    commitReveal = parameters.commitRevealWeightsEnabled
    revealPeriod = parameters.commitRevealPeriod
  }
}

/// The results of all mechanisms of a subnet as one: amounts add up, flags join, scores are averaged
/// by the mechanisms' parts of the emission. Source: registry 9, yuma 15.
private struct MergedScores {
  private let emission: UInt64
  private(set) var serverEmission: [UInt64]
  private(set) var validatorEmission: [UInt64]
  private var total: [UInt64]
  private var active: [Bool]
  private var permit: [Bool]
  private var consensus: [UInt128]
  private var dividends: [UInt128]
  private var validatorTrust: [UInt128]
  private var stakeWeight: [UInt128]
  private var isFirst = true

  init(uidCount: Int, emission: UInt64) {
    self.emission = emission
    serverEmission = Array(repeating: 0, count: uidCount)
    validatorEmission = serverEmission
    total = serverEmission
    active = Array(repeating: false, count: uidCount)
    permit = active
    consensus = Array(repeating: 0, count: uidCount)
    dividends = consensus
    validatorTrust = consensus
    stakeWeight = consensus
  }

  mutating func add(_ output: EpochOutput, part: UInt64) {
    for uid in total.indices {
      serverEmission[uid] += output.serverEmission[uid].value
      validatorEmission[uid] += output.validatorEmission[uid].value
      total[uid] += output.emission[uid].value
      active[uid] = active[uid] || output.active[uid]
      permit[uid] = permit[uid] || output.validatorPermit[uid]
      consensus[uid] += weighted(output.consensus[uid], part)
      dividends[uid] += weighted(output.dividends[uid], part)
      validatorTrust[uid] += weighted(output.validatorTrust[uid], part)
      stakeWeight[uid] += weighted(output.stakeWeight[uid], part)
    }
    isFirst = false
  }

  /// A score times the mechanism's part of the emission, Q64, rounded down; all to the first without emission.
  private func weighted(_ score: UInt16, _ part: UInt64) -> UInt128 {
    if part == emission { return emission > 0 || isFirst ? UInt128(score) << 64 : 0 }
    let share = (UInt128(part) << 64) / UInt128(max(emission, 1))
    return UInt128(score) * share
  }

  func store(in slots: inout NeuronSlots) {
    func whole(_ values: [UInt128]) -> [UInt16] { values.map { UInt16(truncatingIfNeeded: $0 >> 64) } }
    slots.active = active
    slots.validatorPermit = permit
    slots.consensus = whole(consensus)
    slots.dividends = whole(dividends)
    slots.validatorTrust = whole(validatorTrust)
    slots.stakeWeight = whole(stakeWeight)
    slots.emission = total
  }
}

extension LedgerEvent {
  fileprivate static func epochRan(_ mechanism: MechanismKey, _ epoch: UInt64, minerEmissions: [UInt64]) -> LedgerEvent
  {
    LedgerEvent(
      "EpochRan",
      [
        "netuid": .netuid(mechanism.netuid), "epoch_index": .number(epoch), "mechid": .mechid(mechanism.mechid),
        "miner_emissions": .unsignedList(minerEmissions),
      ])
  }
}

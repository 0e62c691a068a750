import Keys
import Primitives
import SubnetKit

// Layout, integers big-endian: mechanism text | round number u64, block u64, netuid u16, TAO and alpha of the pool u64 |
// deadline | request, challenge | scored after u64 | answer count u16, count times (hotkey 32, uid u16, response,
// latency, arrival count u16, arrivals) | silent count u16, count times hotkey 32. Texts and bytes stand under their
// length, u32; spans are nanoseconds, u64.

extension [UInt8] {
  mutating func append(_ pending: PendingRound) {
    append(pending.mechanism)
    appendBigEndian(pending.round.number)
    appendBigEndian(pending.round.block.value)
    appendBigEndian(pending.round.netuid.value)
    appendBigEndian(pending.round.pool.taoIn.value)
    appendBigEndian(pending.round.pool.alphaIn)
    append(pending.deadline)
    append(pending.task.request)
    append(pending.task.challenge)
    appendBigEndian(pending.task.scoredAfter)
    appendBigEndian(UInt16(pending.answers.count))
    for answer in pending.answers {
      self += answer.miner.bytes
      appendBigEndian(answer.uid.value)
      append(answer.response)
      append(answer.latency)
      appendBigEndian(UInt16(answer.arrivals.count))
      for arrival in answer.arrivals { append(arrival) }
    }
    appendBigEndian(UInt16(pending.silent.count))
    for hotkey in pending.silent { self += hotkey.bytes }
  }
}

extension StateReader {
  mutating func pendingRound() throws(ValidatorStateError) -> PendingRound {
    let mechanism = try text()
    let round = Round(
      number: try number(), block: BlockNumber(try number()), netuid: NetUID(try number()),
      pool: AlphaPool(taoIn: Rao(try number()), alphaIn: try number()))
    let deadline = try duration()
    let task = PreparedTask(request: try blob(), challenge: try blob(), scoredAfter: try number())
    var answers: [AnswerBytes] = []
    for _ in 0..<(try number(UInt16.self)) { answers.append(try answer()) }
    var silent: [Hotkey] = []
    for _ in 0..<(try number(UInt16.self)) { silent.append(Hotkey(AccountID(try bytes32()))) }
    return PendingRound(
      mechanism: mechanism, round: round, deadline: deadline, task: task, answers: answers, silent: silent)
  }

  private mutating func answer() throws(ValidatorStateError) -> AnswerBytes {
    let miner = Hotkey(AccountID(try bytes32()))
    let uid = UID(try number())
    let response = try blob()
    let latency = try duration()
    var arrivals: [Duration] = []
    for _ in 0..<(try number(UInt16.self)) { arrivals.append(try duration()) }
    return AnswerBytes(miner: miner, uid: uid, response: response, latency: latency, arrivals: arrivals)
  }
}

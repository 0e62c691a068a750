import Plugins
import Primitives
import SubnetKit
import Testing
import Wire

@Suite struct PluginMessageTests {
  @Test func requestsAndRepliesComeBackAsTheyWere() throws {
    let task = PreparedTask(request: [1], challenge: [2, 3], scoredAfter: 4)
    let requests: [PluginRequest] = [
      .hello(protocolVersion: 1), .setUp(.miner, options: ["a=b", "c="]), .makeTask(.first, seed: .max),
      .forward([9], .soon),
      .forward(
        [], ForwardContext(caller: .of(1), uid: nil, block: BlockNumber(0), timeRemaining: .zero, miner: .of(4))),
      .makeTask(
        Round(number: 1, block: BlockNumber(2), netuid: NetUID(3), pool: AlphaPool(taoIn: Rao(4), alphaIn: 5)), seed: 6),
      .score(
        [], task,
        ScoreContext(
          round: .first, block: BlockNumber(2), deadline: .seconds(1), pool: AlphaPool(taoIn: Rao(7), alphaIn: 8))),
      .score([.of(1, "x"), .of(2, "")], task, .now), .checkpoint, .restore([5]),
    ]
    for request in requests {
      let decoded = try PluginRequest.decode(try request.encoded(id: 7, timeLimit: .seconds(2)))
      #expect(decoded.request == request)
      #expect(decoded.id == 7)
      #expect(decoded.timeLimit == .seconds(2))
    }
    let replies: [PluginReply] = [
      .greeting(PluginGreeting(name: "a", version: 2, summary: "s", options: "o", concurrency: 3)), .ready(),
      .task(task),
      .response([]), .scores([PluginWorth(.full), PluginWorth(.zero(because: "late"))]), .memory(nil), .memory([]),
      .restored, .failure(code: "busy", message: "later"),
    ]
    for reply in replies { #expect(try PluginReply.decode(try reply.encoded(id: 8)) == (id: 8, reply: reply)) }
  }

  @Test func whatNewerProgramsAddIsPassedOver() throws {
    let ready = try PluginReply.ready().encoded(id: 1)
    #expect(try PluginReply.decode(ready + [0xFA, 0x01, 0x01, 0x00]).reply == .ready())
    #expect(try PluginReply.decode([0x08, 0x01]).reply == nil)
  }

  @Test(arguments: [(0, 0.0), (1, 0.000_000_001), (500_000_000, 0.5), (1_000_000_000, 1.0)] as [(UInt32, Double)])
  func aScoreIsAWholeNumberOfBillionths(billionths: UInt32, value: Double) throws {
    #expect(PluginWorth(billionths: billionths).score?.value == value)
    #expect(PluginWorth(try Score(value)).billionths == billionths)
  }

  @Test func aNumberOverOneIsNoScore() {
    #expect(PluginWorth(billionths: 1_000_000_001).score == nil)
    #expect(PluginWorth(billionths: .max).score == nil)
  }
}

private func == (left: (id: UInt64, reply: PluginReply?), right: (id: UInt64, reply: PluginReply)) -> Bool {
  left.id == right.id && left.reply == right.reply
}

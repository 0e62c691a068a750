import ExampleSubnets
import Primitives
@testable import SubnetKit
import Testing

/// Values that every mechanism's test needs.
enum Scene {
  static let hotkey = Hotkey([UInt8](repeating: 1, count: 32))!
  static let forward = ForwardContext(
    caller: hotkey, uid: UID(0), block: BlockNumber(5), timeRemaining: .seconds(10))

  static func round(_ number: UInt64) -> Round {
    Round(number: number, block: BlockNumber(number), netuid: NetUID(1))
  }

  static let score = ScoreContext(round: round(0), block: BlockNumber(0), deadline: .seconds(10))

  static func answer<Response>(_ response: Response, uid: UInt16 = 1, latency: Duration = .zero) -> Answer<Response> {
    Answer(miner: hotkey, uid: UID(uid), response: response, latency: latency)
  }
}

/// Throws and returns what its options say: what a careless author may write.
private struct Careless: IncentiveMechanism {
  static let name = "careless"
  static let version: UInt32 = 3
  static let mode = MechanismOption.text("mode", default: "", "what goes wrong")
  static let options = OptionTable(mode)
  struct Lost: Error {}
  let mode: String

  init(_ setup: MechanismSetup) throws {
    mode = setup[Self.mode]
    if mode == "init" { throw Lost() }
  }
  func task(_ round: Round, random: inout SeededRandom) throws -> Challenge<String, Nothing> {
    if mode == "task" { throw Lost() }
    return Challenge(mode == "large" ? String(repeating: "x", count: 300_000) : "question")
  }
  func forward(_ request: String, _ context: ForwardContext) throws -> Double {
    switch mode {
    case "forward": throw Lost()
    case "cancelled": throw CancellationError()
    case "busy": throw MechanismError(.busy, "Full.")
    case "nan": return .nan
    default: return 2
    }
  }
  func score(
    _ answers: [Answer<Double>], for challenge: Challenge<String, Nothing>, _ context: ScoreContext
  ) throws -> [Score] {
    if mode == "score" { throw Lost() }
    if mode == "short" { return answers.dropFirst().map { _ in .full } }
    if mode == "nobody" { return try answers.map { _ in try Score(.nan) } }
    return try answers.map { try Score($0.response) }
  }
}

@Suite struct MechanismHostTests {
  private func careless(_ mode: String) async throws -> MechanismHost {
    try await MechanismHost(Careless.self, role: .miner, arguments: ["mode=\(mode)"])
  }

  private func code(_ body: () async throws -> Void) async -> MechanismError.Code? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? MechanismError)?.code
    }
  }

  @Test func aTaskIsMadeAnsweredAndScoredByBytesAlone() async throws {
    let validator = try await MechanismCatalogue.examples.host(named: "adder", role: .validator)
    let miner = try await MechanismCatalogue.examples.host(named: "adder", role: .miner)
    #expect(validator.name == "adder" && validator.version == 1)
    for number in 0..<20 as Range<UInt64> {
      var random = SeededRandom(seed: 3, stream: number)
      let task = try await validator.makeTask(Scene.round(number), random: &random)
      let answer = try await miner.forward(task.request, Scene.forward)
      let answers = [Scene.answer(try MessageCoder().encode(Int64(-1))), Scene.answer(answer)]
      let scores = try await validator.score(answers, for: task, Scene.score)
      #expect(scores == [.zero(because: "wrong sum"), .full])
    }
  }

  @Test func theSameSeedAndRoundMakeTheSameTask() async throws {
    let host = try await MechanismHost(Adder.self, role: .validator)
    var requests: [[UInt8]] = []
    for stream in [4, 4, 5] as [UInt64] {
      var random = SeededRandom(seed: 9, stream: stream)
      requests.append(try await host.makeTask(Scene.round(stream), random: &random).request)
    }
    #expect(requests[0] == requests[1])
    #expect(requests[1] != requests[2])
  }

  @Test func theAdderSurvivesTheLargestNumbers() async throws {
    let miner = try await MechanismHost(Adder.self, role: .miner)
    let request = try MessageCoder().encode(["left": Int64.max, "right": Int64.max])
    let answer = try await miner.forward(request, Scene.forward)
    #expect(try MessageCoder().decode(Int64.self, from: answer) == -2)
  }

  @Test func aMalformedRequestIsTheCallersFault() async throws {
    let miner = try await MechanismHost(Adder.self, role: .miner)
    let wrong = [[], [0xff], try MessageCoder().encode("text"), try MessageCoder().encode(["left": 1])]
    for bytes in wrong {
      let code = await code { _ = try await miner.forward(bytes, Scene.forward) }
      #expect(code == .malformedRequest)
      #expect(code?.status == 422)
    }
  }

  @Test func anAnswerThatLeadsToNoScoreIsWorthZeroAndHurtsNobody() async throws {
    let host = try await careless("")
    var random = SeededRandom(seed: 1)
    let task = try await host.makeTask(Scene.round(0), random: &random)
    let bad = [[], [0xff], try MessageCoder().encode("text"), try MessageCoder().encode(2.0)]
    let good = [try MessageCoder().encode(0.5), try MessageCoder().encode(1.0)]
    let answers = [bad[0], good[0], bad[1], bad[2], good[1], bad[3]].map { Scene.answer($0) }
    let scores = try await host.score(answers, for: task, Scene.score)
    #expect(scores.map(\.value) == [0, 0.5, 0, 0, 1, 0])
    #expect([0, 2, 3, 5].allSatisfy { !scores[$0].reason.isEmpty })
    #expect(try await host.score([], for: task, Scene.score).isEmpty)
  }

  @Test(arguments: ["short", "nobody"])
  func scoresThatBelongToNobodyAreRefusedByName(_ mode: String) async throws {
    let host = try await careless(mode)
    var random = SeededRandom(seed: 1)
    let task = try await host.makeTask(Scene.round(0), random: &random)
    let answers = try [0.5, 1].map { Scene.answer(try MessageCoder().encode($0)) }
    #expect(await code { _ = try await host.score(answers, for: task, Scene.score) } == .invalidScore)
  }

  @Test func aTaskIsPlainBytesThatOutliveItsMaker() async throws {
    var random = SeededRandom(seed: 1)
    let task = try await MechanismHost(Adder.self, role: .validator).makeTask(Scene.round(0), random: &random)
    let saved = PreparedTask(request: task.request, challenge: task.challenge, scoredAfter: task.scoredAfter)
    let answer = try await MechanismHost(Adder.self, role: .miner).forward(saved.request, Scene.forward)
    let later = try await MechanismHost(Adder.self, role: .validator)
    #expect(try await later.score([Scene.answer(answer)], for: saved, Scene.score) == [.full])
  }

  /// What a backend in another process looks like from here.
  private struct Elsewhere: MechanismBackend {
    let scores: [Score]

    func makeTask(_ round: Round, random: inout SeededRandom) -> PreparedTask {
      PreparedTask(request: [1], challenge: [2], scoredAfter: 3)
    }
    func forward(_ request: [UInt8], _ context: ForwardContext) -> [UInt8] { request.reversed() }
    func score(_ answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext) -> [Score] { scores }
  }

  @Test func aBackendOutsideTheProcessIsHeldToTheSameRules() async throws {
    let host = MechanismHost(name: "elsewhere", version: 2, backend: Elsewhere(scores: [.full]))
    var random = SeededRandom(seed: 1)
    let task = try await host.makeTask(Scene.round(0), random: &random)
    #expect(task == PreparedTask(request: [1], challenge: [2], scoredAfter: 3))
    #expect(try await host.forward([4, 5], Scene.forward) == [5, 4])
    #expect(try await host.score([Scene.answer([1])], for: task, Scene.score) == [.full])
    let two = [Scene.answer([1 as UInt8]), Scene.answer([2])]
    #expect(await code { _ = try await host.score(two, for: task, Scene.score) } == .invalidScore)
  }

  @Test func whatAnAuthorThrowsArrivesTyped() async throws {
    var random = SeededRandom(seed: 1)
    #expect(await code { _ = try await careless("init") } == .failed)
    #expect(await code { _ = try await careless("task").makeTask(Scene.round(0), random: &random) } == .failed)
    #expect(
      await code { _ = try await careless("large").makeTask(Scene.round(0), random: &random) } == .messageTooLarge)

    let request = try MessageCoder().encode("question")
    let expected: [(String, MechanismError.Code)] = [
      ("forward", .failed), ("cancelled", .cancelled), ("busy", .busy), ("nan", .failed),
    ]
    for (mode, expectedCode) in expected {
      #expect(await code { _ = try await careless(mode).forward(request, Scene.forward) } == expectedCode)
    }

    let host = try await careless("score")
    let task = try await host.makeTask(Scene.round(0), random: &random)
    let answer = Scene.answer(try MessageCoder().encode(0.5))
    #expect(await code { _ = try await host.score([answer], for: task, Scene.score) } == .failed)
  }

  @Test func aTaskOfAnotherMechanismIsNotScored() async throws {
    let adder = try await MechanismHost(Adder.self, role: .validator)
    let other = try await careless("")
    var random = SeededRandom(seed: 1)
    let task = try await other.makeTask(Scene.round(0), random: &random)
    #expect(await code { _ = try await adder.score([Scene.answer([0])], for: task, Scene.score) } == .failed)
  }
}

@Suite struct MechanismOptionTests {
  private static let count = MechanismOption.integer("count", default: 3, in: 1...9, "how many")
  private static let share = MechanismOption.number("share", default: 0.5, in: 0...1, "how much")
  private static let loud = MechanismOption.flag("loud", default: false, "or not")
  private static let folder = MechanismOption.path("folder", default: "/tmp", "where")
  private static let table = OptionTable(count, share, loud, folder)

  @Test func givenValuesWinOverDefaults() throws {
    let setup = try MechanismSetup(.miner, options: Self.table, arguments: ["count=9", "loud=true", "folder=/a=b"])
    #expect(setup[Self.count] == 9)
    #expect(setup[Self.share] == 0.5)
    #expect(setup[Self.loud])
    #expect(setup[Self.folder] == "/a=b")
    #expect(try MechanismSetup(.validator)[Self.count] == 3)
  }

  @Test(
    arguments: [
      ["count"], ["count="], ["count=0"], ["count=10"], ["count=x"], ["share=nan"], ["share=inf"], ["share=1.01"],
      ["loud=yes"], ["folder="], ["other=1"], ["=1"], [""], ["count=1", "count=1"], ["count =1"],
      ["folder=" + String(repeating: "x", count: 5000)],
    ])
  func whatIsNoValueIsRefusedByName(_ arguments: [String]) {
    let error = #expect(throws: MechanismError.self) {
      try MechanismSetup(.miner, options: Self.table, arguments: arguments)
    }
    #expect(error?.code == .invalidOption)
    #expect((error?.message.count ?? 0) < 300)
  }

  @Test func helpShowsFormsAndDefaults() {
    #expect(
      Self.table.help == """
          count=INTEGER 1...9  how many (default 3)
          share=NUMBER 0.0...1.0  how much (default 0.5)
          loud=true|false  or not (default false)
          folder=PATH  where (default /tmp)

        """)
    #expect(MechanismCatalogue.examples.help.contains("k=INTEGER 0...8"))
  }

  @Test func anUnknownMechanismIsAnsweredWithTheKnownOnes() {
    let error = #expect(throws: MechanismError.self) { try MechanismCatalogue.examples.type(named: "chess\u{7}") }
    #expect(error?.code == .unknownMechanism)
    #expect(
      error?.message
        == "There is no mechanism 'chess?'. Known: \(MechanismCatalogue.examples.names.joined(separator: ", ")).")
  }

  @Test func twoMechanismsOfOneNameStopTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = MechanismCatalogue([Adder.self, Adder.self]) }
  }
}

@Suite struct ScoreTests {
  @Test(arguments: [Double.nan, .infinity, -.infinity, -0.01, 1.01])
  func whatIsNoShareIsRefused(_ value: Double) {
    let error = #expect(throws: MechanismError.self) { try Score(value) }
    #expect(error?.code == .invalidScore)
  }

  @Test func clampingMovesFiniteNumbersOnly() throws {
    #expect(try Score(clamping: 7) == .full)
    #expect(try Score(clamping: -7) == .zero)
    #expect(throws: MechanismError.self) { try Score(clamping: .nan) }
    #expect(throws: MechanismError.self) { try Score(clamping: .infinity) }
  }

  @Test func reasonsAreBounded() {
    #expect(Score.zero(because: String(repeating: "x", count: 1000)).reason.count == Score.reasonLengthLimit)
  }
}

@Suite struct SeededRandomTests {
  /// The first outputs of the authors' C program from the state 1, 2, 3, 4.
  @Test func theReferenceSequenceIsReproduced() {
    var random = SeededRandom(state: (1, 2, 3, 4))
    #expect((0..<4).map { _ in random.next() } == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240])
  }

  @Test func streamsOfOneSeedDiffer() {
    var firsts: Set<UInt64> = []
    for stream in 0..<1000 as Range<UInt64> {
      var random = SeededRandom(seed: 42, stream: stream)
      firsts.insert(random.next())
    }
    #expect(firsts.count == 1000)
  }
}

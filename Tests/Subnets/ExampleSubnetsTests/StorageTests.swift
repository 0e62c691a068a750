@testable import ExampleSubnets
import Primitives
import SubnetKit
import Testing

@Suite struct StorageTests {
  /// Each cheat fails because of one guard, and earns when that is taken away:
  /// `drop` and `half` because every block shown must be right, `digest` because the places are anywhere in a piece,
  /// `replay` because each round has its own number, `shared` because a file is made with its holder's hotkey.
  @Test(arguments: ["drop", "half", "digest", "replay", "shared"])
  func aCheatEarnsNothingBesideAnHonestMiner(cheat: String) async throws {
    var contest = Contest(Storage.self, miners: [[], ["cheat=\(cheat)"], []])
    contest.rounds = 40
    let earned = try await contest.run()
    #expect(earned[0] == 1)
    #expect(earned[2] == 1)
    #expect(earned[1] < cheatShareLimit * earned[0], "\(cheat): \(earned)")
  }

  /// Whoever gives its file up when it is complete was paid while it filled; each time it waits longer for the next.
  @Test func losingTheFileAgainAndAgainEarnsLessAndLess() async throws {
    var contest = Contest(Storage.self, miners: [[], ["cheat=forget"]])
    contest.validatorOptions = ["pieces=1", "places=2"]
    contest.rounds = 1200
    contest.warmUpRounds = 200
    let earned = try await contest.run()
    #expect(earned[0] == 1)
    #expect(earned[1] > 0)
    #expect(earned[1] < cheatShareLimit * earned[0], "\(earned)")
  }

  @Test func aMinerIsPaidForWhatItHoldsWhileItsFileGrows() async throws {
    var means: [Double] = []
    for rounds in 1...12 as ClosedRange<UInt64> {
      var contest = Contest(Storage.self, miners: [[]])
      contest.rounds = rounds
      contest.warmUpRounds = rounds - 1
      means += try await contest.run()
    }
    // One round to be noticed, one to be given the first pieces, then an eighth more in each.
    #expect(means == [0, 0] + (1...8).map { Double($0) / 8 } + [1, 1])
  }

  @Test func aValidatorThatStartsAnewKnowsWhatEveryMinerHolds() async throws {
    var contest = Contest(Storage.self, miners: [[], ["cheat=half"]])
    let earned = try await contest.run()
    contest.restart = 15
    #expect(try await contest.run() == earned)
  }

  @Test func aDamagedMemoryIsRefused() throws {
    let storage = Storage(try Storage.setup(.validator))
    var memory = Storage.Memory(secret: [UInt8](repeating: 1, count: 32), holders: [])
    try storage.restore(memory)
    #expect(storage.checkpoint() == memory)
    memory.holders = [.init(hotkey: [1, 2], entry: .init())]
    #expect(throws: MechanismError.self) { try storage.restore(memory) }
    memory.holders = [.init(hotkey: Contest.hotkey(1).bytes, entry: .init(pieceCount: -1))]
    #expect(throws: MechanismError.self) { try storage.restore(memory) }
    memory.holders = [.init(hotkey: Contest.hotkey(1).bytes, entry: .init(losses: .max))]
    #expect(throws: MechanismError.self) { try storage.restore(memory) }
    memory = Storage.Memory(secret: [1], holders: [])
    #expect(throws: MechanismError.self) { try storage.restore(memory) }
  }

  @Test func noTwoMinersAndNoTwoFilesShareABlock() {
    let secret = TaskSecret(key: SHA256.digest(of: [1]))
    var blocks: Set<[UInt8]> = []
    var count = 0
    for holder in 0..<3 {
      for number in 0..<2 as Range<UInt64> {
        let file = HeldFile(of: secret, holder: Contest.hotkey(holder), number: number)
        for piece in 0..<2 {
          let bytes = file.piece(piece)
          #expect(bytes.count == HeldFile.pieceLength)
          for block in 0..<HeldFile.blocksPerPiece {
            let start = block * HeldFile.blockLength
            let cut = Array(bytes[start..<start + HeldFile.blockLength])
            #expect(cut == file.block(at: BlockPlace(piece: piece, block: block)))
            blocks.insert(cut)
            count += 1
          }
        }
      }
    }
    #expect(blocks.count == count)
  }

  @Test func theBiggestSubnetFitsIntoOneRequest() throws {
    var register = HolderRegister(fileSize: 64, placeCount: 64)
    var random = SeededRandom(seed: 1)
    let empty = register.order(in: 0, drawn: TaskSecret(drawnFrom: &random))
    for number in 0..<400 {
      let hotkey = Hotkey([UInt8(number / 256), UInt8(number % 256)] + [UInt8](repeating: 3, count: 30))!
      _ = register.judge([], of: hotkey, in: empty, round: 0)
    }
    #expect(register.entries.count == Storage.holderLimit)
    let order = register.order(in: 1, drawn: TaskSecret(drawnFrom: &random))
    #expect(order.holders.count == Storage.holderLimit)
    #expect(order.deliveries.count == Storage.deliveryLimit)
    #expect(order.isWithinLimits)
    #expect(try MessageCoder.requests.encode(order).count < 200_000)
  }

  @Test func piecesGoFirstToThoseThatWaitedTheLongest() throws {
    var register = HolderRegister(fileSize: 64, placeCount: 1)
    var random = SeededRandom(seed: 1)
    let empty = register.order(in: 0, drawn: TaskSecret(drawnFrom: &random))
    for number in 0..<20 { _ = register.judge([], of: Contest.hotkey(number), in: empty, round: 0) }
    // Eight pieces each, 64 in a request: three requests serve all twenty.
    var served: [[UInt8]: Int] = [:]
    for round in 1...3 as ClosedRange<UInt64> {
      for delivery in register.order(in: round, drawn: TaskSecret(drawnFrom: &random)).deliveries {
        served[delivery.hotkey, default: 0] += 1
      }
    }
    #expect(served.count == 20)
  }

  @Test func proofsOfAnyShapeDoNoHarm() throws {
    var register = HolderRegister(fileSize: 4, placeCount: 3)
    var random = SeededRandom(seed: 1)
    let miner = Contest.hotkey(1)
    var round: UInt64 = 0
    for blocks in [[], [1], [UInt8](repeating: 0, count: 95), [UInt8](repeating: 0, count: 96)] as [[UInt8]] {
      let order = register.order(in: round, drawn: TaskSecret(drawnFrom: &random))
      #expect(register.judge(blocks, of: miner, in: order, round: round).share == 0)
      round += 1000
    }
    // The first answer made it known, the second was handed a piece, the others were wrong.
    #expect(register.entries[miner]?.losses == 3)
  }

  @Test func aMinerRefusesOrdersBeyondItsLimits() throws {
    let miner = Storage(try Storage.setup(.miner))
    let context = ForwardContext(
      caller: Contest.hotkey(1), uid: nil, block: BlockNumber(1), timeRemaining: .seconds(1),
      miner: Contest.hotkey(2))
    let own = Contest.hotkey(2).bytes
    let good = Storage.Order(
      nonce: [UInt8](repeating: 0, count: 32), placeCount: 2,
      holders: [Storage.Holder(hotkey: own, file: 0, pieceCount: 1)], deliveries: [])
    #expect(try miner.forward(good, context).blocks.isEmpty)
    let piece = [UInt8](repeating: 0, count: HeldFile.pieceLength)
    let changes: [(inout Storage.Order) -> Void] = [
      { $0.nonce = [] },
      { $0.placeCount = 0 },
      { $0.placeCount = 65 },
      { $0.holders[0].pieceCount = -1 },
      { $0.holders[0].pieceCount = 65 },
      { $0.holders = Array(repeating: $0.holders[0], count: 257) },
      { $0.deliveries = [Storage.Delivery(hotkey: own, file: 0, piece: 64, bytes: piece)] },
      { $0.deliveries = [Storage.Delivery(hotkey: own, file: 0, piece: -1, bytes: piece)] },
      { $0.deliveries = [Storage.Delivery(hotkey: own, file: 0, piece: 0, bytes: [])] },
      { $0.deliveries = Array(repeating: .init(hotkey: own, file: 0, piece: 0, bytes: piece), count: 65) },
    ]
    for change in changes {
      var order = good
      change(&order)
      let error = #expect(throws: MechanismError.self) { try miner.forward(order, context) }
      #expect(error?.code == .malformedRequest)
    }
  }

  @Test func validatorsThatStopComingLoseTheirShelf() throws {
    var room = ShelfRoom()
    let order = Storage.Order(nonce: [UInt8](repeating: 0, count: 32), placeCount: 1, holders: [], deliveries: [])
    for number in 0..<ShelfRoom.shelfLimit {
      _ = try room.answer(order, from: Contest.hotkey(number), as: Contest.hotkey(200), at: BlockNumber(10))
    }
    let late = Contest.hotkey(100)
    let error = #expect(throws: MechanismError.self) {
      try room.answer(order, from: late, as: Contest.hotkey(200), at: BlockNumber(1010))
    }
    #expect(error?.code == .busy)
    _ = try room.answer(order, from: late, as: Contest.hotkey(200), at: BlockNumber(1011))
  }
}

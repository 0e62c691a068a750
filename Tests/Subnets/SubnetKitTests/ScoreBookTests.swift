import Primitives
import SubnetKit
import Testing

@Suite struct ScoreBookTests {
  private func hotkey(_ number: Int) -> Hotkey {
    Hotkey([UInt8(number >> 8), UInt8(number & 255)] + [UInt8](repeating: 7, count: 30))!
  }

  private func filledBook() throws -> ScoreBook {
    var book = ScoreBook(alpha: 0.25)
    for number in 0..<50 {
      for block in 0..<UInt64(number % 5 + 1) {
        book.record(try Score(Double(number) / 50), for: hotkey(number), at: BlockNumber(block))
      }
    }
    return book
  }

  @Test func theAverageMovesByItsShareAndTouchesNobodyElse() throws {
    var book = ScoreBook(alpha: 0.5)
    book.record(.full, for: hotkey(1), at: BlockNumber(1))
    book.record(.full, for: hotkey(2), at: BlockNumber(1))
    book.record(.full, for: hotkey(1), at: BlockNumber(2))
    #expect(book.average(of: hotkey(1)) == 0.75)
    #expect(book.average(of: hotkey(2)) == 0.5)
    #expect(book.average(of: hotkey(3)) == 0)
    #expect(book.entries[hotkey(1)]?.scoreCount == 2)
  }

  @Test func silenceDecaysTheAverage() throws {
    var book = ScoreBook(alpha: 0.5)
    book.record(.full, for: hotkey(1), at: BlockNumber(1))
    book.recordNoAnswer(from: hotkey(1), at: BlockNumber(2))
    #expect(book.average(of: hotkey(1)) == 0.25)
  }

  @Test func aNewHotkeyInAnOldSlotInheritsNothing() throws {
    var book = ScoreBook(alpha: 1)
    book.record(.full, for: hotkey(1), at: BlockNumber(1))
    #expect(book.averages(of: [(uid: UID(0), hotkey: hotkey(2))]).map(\.average) == [0])
    #expect(book.averages(of: [(uid: UID(5), hotkey: hotkey(1))]).map(\.average) == [1])
  }

  @Test func decayIsAScoreOfZeroForThoseWhoWereNotAsked() throws {
    var book = ScoreBook(alpha: 0.25)
    for number in 1...2 { book.record(.full, for: hotkey(number), at: BlockNumber(1)) }
    book.decay(allBut: [hotkey(1)])
    #expect(book.average(of: hotkey(1)) == 0.25)
    #expect(book.average(of: hotkey(2)) == 0.1875)
    #expect(book.entries[hotkey(2)]?.lastScored == BlockNumber(1))
    #expect(book.entries[hotkey(2)]?.scoreCount == 1)
  }

  @Test func aSavedBookComesBackWhole() throws {
    let book = try filledBook()
    #expect(try ScoreBook(serialized: book.serialized) == book)
    #expect(try ScoreBook(serialized: ScoreBook().serialized) == ScoreBook())
    #expect(book.withAlpha(0.5).entries == book.entries)
  }

  @Test func equalBooksGiveEqualBytesWhateverTheOrderOfScores() throws {
    var forward = ScoreBook()
    var backward = ScoreBook()
    for number in 0..<100 { forward.record(.full, for: hotkey(number), at: BlockNumber(1)) }
    for number in (0..<100).reversed() { backward.record(.full, for: hotkey(number), at: BlockNumber(1)) }
    #expect(forward.serialized == backward.serialized)
  }

  @Test func everyDamagedBookIsRefused() throws {
    var book = ScoreBook()
    for number in 0..<3 { book.record(.full, for: hotkey(number), at: BlockNumber(9)) }
    let bytes = book.serialized
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        #expect(throws: ScoreBookError.self) { try ScoreBook(serialized: damaged) }
      }
      #expect(throws: ScoreBookError.self) { try ScoreBook(serialized: Array(bytes[..<index])) }
    }
    #expect(throws: ScoreBookError.self) { try ScoreBook(serialized: bytes + [0]) }
  }

  @Test func theReasonOfARefusalIsNamed() throws {
    let bytes = ScoreBook().serialized
    func code(_ bytes: [UInt8]) -> ScoreBookError.Code? {
      do throws(ScoreBookError) {
        _ = try ScoreBook(serialized: bytes)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code([]) == .notAScoreBook)
    #expect(code(Array("{}".utf8)) == .notAScoreBook)
    var later = bytes
    later[5] = 2
    #expect(code(later) == .unknownVersion)
    #expect(code(bytes.dropLast()) == .damaged)
  }

  @Test func aFullBookForgetsOnlyWhoWasScoredTheLongestAgo() throws {
    var book = ScoreBook()
    for number in 0..<ScoreBook.capacity {
      book.record(.full, for: hotkey(number), at: BlockNumber(number == 77 ? 1 : 2))
    }
    #expect(book.entries.count == ScoreBook.capacity)
    book.record(.full, for: hotkey(ScoreBook.capacity), at: BlockNumber(0))
    #expect(book.entries.count == ScoreBook.capacity)
    #expect(book.entries[hotkey(77)] == nil)
    #expect(book.entries[hotkey(ScoreBook.capacity)] != nil)
  }
}

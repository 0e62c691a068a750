import Daemon
import Synchronization
import Testing

@Suite struct TerminalTests {
  let screen = Terminal(descriptor: 1, isTerminal: true, environment: [:], size: (width: 80, height: 24))
  let file = Terminal(descriptor: 1, isTerminal: false, environment: [:])

  @Test func coloursAppearOnlyWhereTheyAreWelcome() {
    #expect(screen.coloured("x", .red) == "\u{1B}[31mx\u{1B}[0m")
    #expect(file.coloured("x", .red) == "x")
    #expect(!Terminal(descriptor: 1, isTerminal: true, environment: ["NO_COLOR": "1"]).hasColour)
    #expect(!Terminal(descriptor: 1, isTerminal: true, environment: ["TERM": "dumb"]).hasColour)
  }

  @Test func columnsAlignWhateverTheirColour() {
    var table = TextTable([.init("uid", .trailing), .init("role"), .init("stake", .trailing)])
    table.append(["0", screen.coloured("miner", .green), "1.5"])
    table.append(["10", "validator", "100"])
    #expect(
      table.lines() == [
        "uid  role       stake", "  0  \u{1B}[32mminer\u{1B}[0m        1.5", " 10  validator    100",
      ])
    #expect(table.lines(width: 9)[1] == "  0  \u{1B}[32mmine\u{1B}[0m")
    #expect(table.lines(width: 9).allSatisfy { visibleWidth($0) <= 9 })
  }

  @Test func aLiveViewRedrawsOnATerminal() {
    let output = Mutex("")
    var view = LiveView(screen) { text in output.withLock { $0 += text } }
    view.show(["a", "b"], summary: "")
    view.show(["c"], summary: "")
    #expect(
      output.withLock { $0 } == "\ra\u{1B}[K\n\rb\u{1B}[K\n\u{1B}[J" + "\u{1B}[2A\rc\u{1B}[K\n\u{1B}[J")
  }

  @Test func aTableLeavesOutColumnsByRankWhereThereIsNoRoom() {
    var table = TextTable([
      .init("uid", .trailing), .init("role", rank: 2), .init("stake", .trailing, rank: 1), .init("note"),
    ])
    table.append(["0", "miner", "1.5", ""])
    #expect(table.lines(width: 23) == ["uid  role   stake  note", "  0  miner    1.5"])
    #expect(table.lines(width: 22) == ["uid  stake  note", "  0    1.5"])
    #expect(table.lines(width: 15) == ["uid  note", "  0"])
    #expect(table.lines(width: 3) == ["uid", "  0"])
  }

  @Test func aLiveViewIsNeverTallerThanItsWindow() {
    let output = Mutex("")
    let small = Terminal(descriptor: 1, isTerminal: true, environment: [:], size: (width: 80, height: 4))
    var view = LiveView(small) { text in output.withLock { $0 += text } }
    view.show(["a", "b", "c"], summary: "")
    #expect(output.withLock { $0 } == "\ra\u{1B}[K\n\rb\u{1B}[K\n\rc\u{1B}[K\n\u{1B}[J")
    output.withLock { $0 = "" }
    view.show(["a", "b", "c", "d", "e"], summary: "")
    #expect(
      output.withLock { $0 }
        == "\u{1B}[3A\ra\u{1B}[K\n\rb\u{1B}[K\n\r  and 3 more lines; a taller window shows them\u{1B}[K\n\u{1B}[J")
  }

  @Test func aDumbTerminalIsWrittenToLineByLine() {
    let output = Mutex("")
    let dumb = Terminal(descriptor: 1, isTerminal: true, environment: ["TERM": "dumb"])
    var view = LiveView(dumb) { text in output.withLock { $0 += text } }
    view.show(["frame"], summary: "height=1")
    view.note("done")
    #expect(output.withLock { $0 } == "height=1\ndone\n")
  }

  @Test func aLiveViewPrintsEachChangeOnceElsewhere() {
    let output = Mutex("")
    var view = LiveView(file) { text in output.withLock { $0 += text } }
    for height in [1, 1, 2] { view.show(["frame"], summary: "height=\(height)") }
    view.note("done")
    #expect(output.withLock { $0 } == "height=1\nheight=2\ndone\n")
  }

  @Test func aProgressBarFillsFromNothingToAll() {
    #expect(progressBar(done: 0, of: 3, width: 4) == "[----]   0%")
    #expect(progressBar(done: 2, of: 4, width: 4) == "[##--]  50%")
    #expect(progressBar(done: 9, of: 3, width: 4) == "[####] 100%")
    #expect(progressBar(done: 0, of: 0, width: 4) == "[####] 100%")
  }

  @Test func clocksAndDatesAgree() {
    #expect(utcText(millisecondsSince1970: 0) == "1970-01-01T00:00:00.000Z")
    #expect(utcText(millisecondsSince1970: 951_868_799_999) == "2000-02-29T23:59:59.999Z")
    #expect(utcText(millisecondsSince1970: 4_107_542_400_000) == "2100-03-01T00:00:00.000Z")
    #expect(SystemWallClock().millisecondsSince1970 > 1_700_000_000_000)
  }
}

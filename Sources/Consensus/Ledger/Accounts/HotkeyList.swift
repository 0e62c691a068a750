package import Primitives

/// Hotkeys in the order in which they came, without duplicates.
///
/// Kept in pieces, so that a copy which takes one more key copies a piece and not the whole: a coldkey may have as many
/// hotkeys as it likes, and every call that adds one keeps the list as it was until it has succeeded.
package struct HotkeyList: Sendable {
  private static let pieceLength = 256

  private struct Piece: Sendable {
    var keys: [Hotkey] = []
    /// Only asked whether a key is among them, so its order decides nothing.
    var members: Set<Hotkey> = []

    mutating func append(_ hotkey: Hotkey) {
      keys.append(hotkey)
      members.insert(hotkey)
    }
  }

  /// All of `pieceLength` but the last, which is not empty.
  private var pieces: [Piece] = []

  package init() {}
  package init(_ hotkeys: some Sequence<Hotkey>) {
    for hotkey in hotkeys { append(hotkey) }
  }

  /// - Complexity: O(1) apart from the copy of one piece and of the list of pieces.
  package mutating func append(_ hotkey: Hotkey) {
    if pieces.last?.keys.count ?? HotkeyList.pieceLength == HotkeyList.pieceLength { pieces.append(Piece()) }
    pieces[pieces.count - 1].append(hotkey)
  }

  /// - Complexity: One look-up a piece.
  package func contains(_ hotkey: Hotkey) -> Bool { pieces.contains { $0.members.contains(hotkey) } }
}

extension HotkeyList: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int {
    pieces.isEmpty ? 0 : (pieces.count - 1) * HotkeyList.pieceLength + pieces[pieces.count - 1].keys.count
  }

  package subscript(index: Int) -> Hotkey {
    pieces[index / HotkeyList.pieceLength].keys[index % HotkeyList.pieceLength]
  }
}

extension HotkeyList: Hashable {
  package static func == (left: HotkeyList, right: HotkeyList) -> Bool { left.elementsEqual(right) }
  package func hash(into hasher: inout Hasher) { for hotkey in self { hasher.combine(hotkey) } }
}

extension CanonicalCoder {
  mutating func hotkeys(_ list: inout HotkeyList) {
    var hotkeys = Array(list)
    self.hotkeys(&hotkeys)
    if !isWriting { list = HotkeyList(hotkeys) }
  }
}

import Daemon

/// Files whose change means that a program is to be built or started anew.
struct SourceFiles: Sendable {
  /// Files and folders to look at; folders with all that is in them.
  let roots: [String]
  /// How names in folders end; others do not count.
  let endings: [String]

  /// Files that are looked at at most, so that a folder that is too large costs little.
  private static let fileLimit = 10_000
  private static let depthLimit = 16

  /// How every file looks now.
  var marks: [String: FileMark] {
    var marks: [String: FileMark] = [:]
    for root in roots {
      guard let mark = FileMark(root) else { continue }
      if mark.isFolder { collect(root, depth: 0, into: &marks) } else { marks[root] = mark }
    }
    return marks
  }

  private func collect(_ folder: String, depth: Int, into marks: inout [String: FileMark]) {
    for name in folderContents(folder) {
      // What tools keep for themselves, such as .build, .git and __pycache__.
      guard !name.hasPrefix("."), !name.hasPrefix("__"), marks.count < SourceFiles.fileLimit else { continue }
      let path = "\(folder)/\(name)"
      guard let mark = FileMark(path) else { continue }
      if mark.isFolder {
        if depth < SourceFiles.depthLimit { collect(path, depth: depth + 1, into: &marks) }
      } else if endings.contains(where: { name.hasSuffix($0) }) {
        marks[path] = mark
      }
    }
  }
}

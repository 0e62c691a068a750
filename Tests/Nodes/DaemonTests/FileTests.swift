import Daemon
import Glibc
import Testing

@Suite struct FileTests {
  let folder = TemporaryFolder()
  var path: String { "\(folder.path)/scores" }

  @Test func whatIsWrittenIsReadAndOnlyByItsOwner() throws {
    let file = AtomicFile(path)
    try file.write([1, 2, 3])
    try file.write([4])
    #expect(try file.read(limit: 1) == [4])
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(access(path + ".new", F_OK) != 0)
  }

  @Test func aFileOverTheLimitIsRefused() throws {
    try AtomicFile(path).write([UInt8](repeating: 0, count: 100))
    #expect(throws: FileError.self) { try AtomicFile(path).read(limit: 99) }
    #expect(try AtomicFile(path).read(limit: 100).count == 100)
  }

  @Test func anAbsentFileIsToldFromABrokenOne() {
    let error = #expect(throws: FileError.self) { try AtomicFile(path).read(limit: 1) }
    #expect(error?.isAbsence == true)
    let folderError = #expect(throws: FileError.self) { try AtomicFile(folder.path).read(limit: 1) }
    #expect(folderError?.isAbsence == false)
  }

  @Test func aFileThatSomebodyNamedIsRefusedInTheirWords() throws {
    let missing = #expect(throws: GivenFileError.self) { try GivenFile(path, for: "scenario").bytes(limit: 1) }
    #expect(missing?.description == "scenario \(path): there is no such file; check its name and its folder")
    #expect(missing?.exitCode == .usage)
    let folderError = #expect(throws: GivenFileError.self) { try GivenFile(folder.path, for: "x").bytes(limit: 1) }
    #expect(folderError?.sentence == "it is a folder; name a file")
    try AtomicFile(path).write([1, 2])
    let large = #expect(throws: GivenFileError.self) { try GivenFile(path, for: "x").bytes(limit: 1) }
    #expect(large?.sentence.contains("more than 1 bytes") == true)
    #expect(try GivenFile(path, for: "x").bytes(limit: 2) == [1, 2])
  }

  @Test func aPlaceWhereNoFileCanStandIsKnownBeforeTheWork() throws {
    let inNothing = #expect(throws: GivenFileError.self) {
      try GivenFile("\(folder.path)/no/report", for: "--report").checkWritable()
    }
    #expect(inNothing?.sentence == "there is no folder \(folder.path)/no; make it first")
    #expect(throws: GivenFileError.self) { try GivenFile(folder.path, for: "--report").checkWritable() }
    try GivenFile(path, for: "--report").checkWritable()
    #expect(access(path, F_OK) != 0)
    try AtomicFile(path).write([1])
    try GivenFile(path, for: "--report").checkWritable()
    #expect(try AtomicFile(path).read(limit: 1) == [1])
  }

  @Test func aWriteThatFailsLeavesTheOldContents() throws {
    try AtomicFile(path).write([1])
    // A folder in the place of the temporary file makes the write fail.
    #expect(mkdir(path + ".new", 0o700) == 0)
    #expect(throws: FileError.self) { try AtomicFile(path).write([2]) }
    #expect(try AtomicFile(path).read(limit: 10) == [1])
    rmdir(path + ".new")
  }

  @Test func foldersAreMadeWithTheOnesAbove() throws {
    let deep = "\(folder.path)/a/b"
    try makeFolders(deep)
    try makeFolders(deep)
    #expect(access(deep, F_OK) == 0)
    try AtomicFile("\(folder.path)/f").write([])
    #expect(throws: FileError.self) { try makeFolders("\(folder.path)/f/g") }
    rmdir(deep)
    rmdir("\(folder.path)/a")
  }

  @Test func theTailIsTheLastLinesWithinTheByteLimit() throws {
    let lines = (0..<100).map { "line \($0)" }
    try AtomicFile(path).write(Array((lines.joined(separator: "\n") + "\n").utf8))
    #expect(logTail(of: path, lineLimit: 3) == ["line 97", "line 98", "line 99"])
    #expect(logTail(of: path, lineLimit: 3, byteLimit: 10) == ["8", "line 99"])
    #expect(logTail(of: path + "x") == [])
  }
}

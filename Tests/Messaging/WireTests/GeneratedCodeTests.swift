import Foundation
import Testing

private let protocC = ["/usr/bin/protoc-c", "/usr/local/bin/protoc-c"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

/// The committed C is what `protoc-c` makes of `Proto/`.
@Suite(.enabled(if: protocC != nil, "protoc-c is not installed")) struct GeneratedCodeTests {
  @Test func regeneratingChangesNothing() throws {
    let files = FileManager.default
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
    let committed = root.appending(path: "Sources/CLibraries/CWireMessages/Generated")
    let made = files.temporaryDirectory.appending(path: "regenerated-\(UUID().uuidString)")
    try files.createDirectory(at: made, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: made) }

    let protos = try files.contentsOfDirectory(atPath: root.appending(path: "Proto").path).filter {
      $0.hasSuffix(".proto")
    }
    let process = Process()
    process.executableURL = URL(filePath: try #require(protocC))
    process.arguments =
      ["--proto_path=\(root.appending(path: "Proto").path)", "--c_out=\(made.path)"] + protos.sorted()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)

    let names = try files.contentsOfDirectory(atPath: made.path).sorted()
    #expect(try files.contentsOfDirectory(atPath: committed.path).sorted() == names)
    for name in names {
      let same = files.contentsEqual(
        atPath: committed.appending(path: name).path, andPath: made.appending(path: name).path)
      #expect(same, "\(name) differs from what protoc-c makes; run `make proto`.")
    }
  }
}

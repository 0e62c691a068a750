// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

extension Target {
  /// A room of the house: one module at `Sources/<path>`, named after its last folder.
  ///
  /// - Parameter embedding: Files in it whose bytes are built into the module.
  static func room(_ path: String, imports: [String] = [], embedding files: [String] = []) -> Target {
    .target(
      name: path.room, dependencies: imports.asTargets, path: "Sources/\(path)",
      resources: files.map { .embedInCode($0) }, swiftSettings: house)
  }

  /// One thin executable at `Sources/Commands/<name>`.
  static func command(_ name: String, imports: [String]) -> Target {
    .executableTarget(
      name: name, dependencies: imports.asTargets, path: "Sources/Commands/\(name)", swiftSettings: house)
  }

  /// A Debian library with its module map at `Sources/CLibraries/<name>`; `Docker/packages.txt` names its package.
  static func clibrary(_ name: String) -> Target {
    .systemLibrary(name: name, path: "Sources/CLibraries/\(name)")
  }

  /// Tests at `Tests/<path>`, named after the last folder.
  static func tests(_ path: String, of imports: [String], exclude: [String] = []) -> Target {
    .testTarget(
      name: path.room, dependencies: imports.asTargets, path: "Tests/\(path)", exclude: exclude, swiftSettings: house)
  }
}

extension String {
  var room: String { split(separator: "/").last.map(String.init) ?? self }
}

extension [String] {
  var asTargets: [Target.Dependency] { map { .target(name: $0) } }
}

// The map of the house, one line a room; an import that is not listed here does not compile.
let package = Package(
  name: "SubnetKit",
  products: [
    .library(name: "SubnetKit", targets: ["SubnetKit", "Primitives"]),
    .library(name: "SubnetMain", targets: ["SubnetMain"]),
    .library(name: "TestKit", targets: ["TestKit"]),
    .executable(name: "chain", targets: ["chain"]),
    .executable(name: "validator", targets: ["validator"]),
    .executable(name: "miner", targets: ["miner"]),
    .executable(name: "subnet", targets: ["subnet"]),
  ],
  targets: [
    // CLibraries: each has exactly one Swift room.
    .clibrary("CSodium"),
    .clibrary("CZeroMQ"),
    .clibrary("CSQLite"),
    .clibrary("CProtobufC"),
    .clibrary("CZlib"),
    .clibrary("CMicroHTTPD"),
    .target(
      name: "CWireMessages", dependencies: ["CProtobufC"], path: "Sources/CLibraries/CWireMessages",
      linkerSettings: [.linkedLibrary("protobuf-c")]),
    .target(name: "CLinux", path: "Sources/CLibraries/CLinux"),

    // Consensus: the same bits on every machine.
    .room("Consensus/Primitives"),
    .room("Consensus/FixedPoint"),
    .room("Consensus/Yuma", imports: ["FixedPoint", "Primitives"]),
    .room("Consensus/Economy", imports: ["Primitives"]),
    .room("Consensus/Ledger", imports: ["Economy", "FixedPoint", "Primitives", "Yuma"]),

    // Messaging: what travels between machines.
    .room("Messaging/JSONText", imports: ["Primitives"]),
    .room("Messaging/Keys", imports: ["CSodium", "Primitives"]),
    .room("Messaging/Wire", imports: ["CWireMessages", "CProtobufC", "Keys", "Primitives"]),
    .room("Messaging/Transport", imports: ["Primitives"]),
    .room("Messaging/ZeroMQTransport", imports: ["CLinux", "CZeroMQ", "Keys", "Primitives", "Transport"]),

    // Subnets: what an author writes against.
    .room("Subnets/SubnetKit", imports: ["Primitives"]),
    .room("Subnets/ExampleSubnets", imports: ["Primitives", "SubnetKit"]),
    .room("Subnets/PythonModule", embedding: ["subnetkit.py", "sums.py"]),
    .room(
      "Subnets/ProjectTemplates", imports: ["PythonModule"],
      embedding: [
        "Files/Mechanism.swift.txt", "Files/MechanismTests.swift.txt", "Files/Package.swift.txt",
        "Files/main.swift.txt",
        "Files/network.json5", "Files/scenario.json5",
      ]),

    // Nodes: long-running parts that own state and time.
    .room("Nodes/Daemon", imports: ["CLinux", "JSONText"]),
    .room("Nodes/Metrics", imports: ["CMicroHTTPD"]),
    .room("Nodes/Plugins", imports: ["CLinux", "Daemon", "Primitives", "SubnetKit", "Wire"]),
    .room("Nodes/Wallets", imports: ["Daemon", "Keys", "Primitives"]),
    .room("Nodes/Storage", imports: ["CSQLite", "Daemon", "Primitives"]),
    .room(
      "Nodes/ChainNode",
      imports: ["Daemon", "JSONText", "Keys", "Ledger", "Metrics", "Primitives", "Storage", "Transport", "Wire"]),
    .room(
      "Nodes/Neurons",
      imports: [
        "Daemon", "JSONText", "Keys", "Ledger", "Plugins", "Primitives", "SubnetKit", "Transport", "Wallets", "Wire",
      ]),

    // Testing: what runs, tests or measures a whole network.
    .room("Testing/VectorFiles", imports: ["CZlib", "FixedPoint", "JSONText", "Primitives", "Yuma"]),
    .room(
      "Testing/Localnet",
      imports: [
        "Daemon", "JSONText", "Keys", "Ledger", "Neurons", "Primitives", "SubnetKit", "Transport", "Wallets", "Wire",
      ]),
    .room(
      "Testing/Scenarios",
      imports: ["Daemon", "JSONText", "Keys", "Localnet", "Neurons", "Primitives", "SubnetKit", "Transport"]),
    .room(
      "Testing/TestKit",
      imports: [
        "ChainNode", "Daemon", "JSONText", "Keys", "Ledger", "Localnet", "Neurons", "Primitives", "Scenarios",
        "Storage", "SubnetKit", "Transport", "Wire",
      ]),
    .room("Testing/Market", imports: ["Economy", "JSONText", "Ledger", "Primitives"]),
    .room(
      "Testing/Benchmarks",
      imports: [
        "Daemon", "FixedPoint", "JSONText", "Keys", "Ledger", "Neurons", "Primitives", "Transport", "Wire", "Yuma",
      ]),

    // Commands: one thin executable each, and what an author's own executable starts with.
    .room("Commands/SubnetMain", imports: ["Daemon", "Neurons", "Plugins", "SubnetKit", "ZeroMQTransport"]),
    .command(
      "chain",
      imports: [
        "ChainNode", "Daemon", "JSONText", "Keys", "Metrics", "Primitives", "Storage", "Transport", "Wallets",
        "ZeroMQTransport",
      ]),
    .command(
      "validator",
      imports: [
        "Daemon", "ExampleSubnets", "Keys", "Neurons", "Primitives", "SubnetKit", "Transport", "Wallets",
        "ZeroMQTransport",
      ]),
    .command(
      "miner",
      imports: [
        "Daemon", "ExampleSubnets", "Keys", "Neurons", "Primitives", "SubnetKit", "Transport", "Wallets",
        "ZeroMQTransport",
      ]),
    .command(
      "subnet",
      imports: [
        "Benchmarks", "Daemon", "ExampleSubnets", "FixedPoint", "JSONText", "Keys", "Ledger", "Localnet", "Market",
        "Neurons", "Plugins", "Primitives", "ProjectTemplates", "Scenarios", "SubnetKit", "TestKit", "Transport",
        "VectorFiles", "Wallets",
        "Wire", "Yuma", "ZeroMQTransport",
      ]),

    // Tests: unit and property tests by room, then conformance, simulation and real processes.
    .target(name: "TestThreads", dependencies: ["Daemon"], path: "Tests/TestThreads", swiftSettings: house),
    .tests("Consensus/PrimitivesTests", of: ["Primitives"]),
    .tests("Consensus/YumaTests", of: ["FixedPoint", "TestThreads", "Primitives", "Yuma"]),
    .tests("Consensus/EconomyTests", of: ["Economy", "Primitives"]),
    .tests("Consensus/LedgerTests", of: ["Economy", "Keys", "Ledger", "TestThreads", "Primitives", "Wire", "Yuma"]),
    .tests("Consensus/LedgerQueryTests", of: ["Keys", "Ledger", "Primitives", "Wire"]),
    .tests("Messaging/JSONTextTests", of: ["JSONText", "Primitives"]),
    .tests("Consensus/MarketTests", of: ["JSONText", "Ledger", "Market", "TestThreads", "Primitives"]),
    .tests("Messaging/KeysTests", of: ["Keys", "Primitives"]),
    .tests("Messaging/WireTests", of: ["Keys", "Ledger", "TestThreads", "Primitives", "Wire"]),
    .tests("Messaging/TransportTests", of: ["CZeroMQ", "Keys", "Primitives", "Transport", "ZeroMQTransport"]),
    .tests("Subnets/SubnetKitTests", of: ["ExampleSubnets", "TestThreads", "Primitives", "SubnetKit"]),
    .tests("Subnets/ExampleSubnetsTests", of: ["ExampleSubnets", "TestThreads", "Primitives", "SubnetKit"]),
    .tests("Nodes/DaemonTests", of: ["Daemon", "JSONText"]),
    .executableTarget(
      name: "swift-plugin", dependencies: ["ExampleSubnets", "SubnetMain"], path: "Tests/Nodes/SwiftPlugin",
      swiftSettings: house),
    .tests(
      "Nodes/PluginsTests",
      of: [
        "Daemon", "ExampleSubnets", "Plugins", "Primitives", "PythonModule", "SubnetKit", "Wire", "swift-plugin",
      ]),
    .tests("Nodes/WalletsTests", of: ["Daemon", "Keys", "TestThreads", "Primitives", "Wallets"]),
    .tests(
      "Nodes/NeuronsTests",
      of: [
        "Daemon", "ExampleSubnets", "Keys", "Ledger", "Neurons", "Primitives", "SubnetKit", "Transport", "Wire",
      ]),
    .tests(
      "Nodes/StorageTests", of: ["CSQLite", "Daemon", "JSONText", "TestThreads", "Primitives", "Storage"],
      exclude: ["Released"]),
    .tests(
      "Nodes/ChainNodeTests",
      of: [
        "ChainNode", "Daemon", "JSONText", "Keys", "Ledger", "Metrics", "TestThreads", "Primitives", "Storage",
        "TestKit",
        "Transport", "Wire",
      ]),
    .tests(
      "Nodes/ChainProcessTests",
      of: [
        "ChainNode", "Daemon", "JSONText", "Keys", "Ledger", "Localnet", "Neurons", "Primitives", "Storage",
        "Transport", "ZeroMQTransport",
      ]),
    .tests(
      "Simulation",
      of: [
        "Daemon", "ExampleSubnets", "JSONText", "Keys", "Ledger", "Localnet", "Neurons", "TestThreads", "Primitives",
        "Scenarios", "SubnetKit", "TestKit", "Transport",
      ]),
    .tests("Testing/ScenariosTests", of: ["Daemon", "Localnet", "Neurons", "Primitives", "Scenarios"]),
    .tests("Commands/SubnetMainTests", of: ["Daemon", "ExampleSubnets", "SubnetKit", "SubnetMain"]),
    .tests("Testing/VectorFilesTests", of: ["JSONText", "VectorFiles"]),
    .tests(
      "Localnet/NetworkTests",
      of: [
        "CLinux", "Daemon", "JSONText", "Keys", "Ledger", "Localnet", "Neurons", "Primitives", "ProjectTemplates",
        "PythonModule", "Scenarios", "Transport", "ZeroMQTransport",
      ],
      exclude: ["Help"]),
    .tests(
      "Conformance",
      of: ["Economy", "FixedPoint", "JSONText", "Keys", "Ledger", "TestThreads", "Primitives", "VectorFiles", "Yuma"],
      exclude: ["Vectors"]),
  ]
)

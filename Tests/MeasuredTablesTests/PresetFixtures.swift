/// Exports of instruments, written by hand in their layouts with numbers of our own.
enum PresetFixtures {
  static let easyexpert = """

    SetupTitle, Set sweep
    PrimitiveTest, I/V Sweep
    TestParameter, Channel.UnitType, SMU, SMU
    TestParameter, Channel.IName, Itop, Ibot
    TestParameter, Channel.VName, Vtop, Vbot
    TestParameter, Channel.Func, VAR1, CONST
    TestParameter, Measurement.Primary.Count, 3
    MetaData, TestRecord.TestTarget, A3
    MetaData, TestRecord.IterationIndex, 1
    AnalysisSetup, Analysis.Setup.Title, Set sweep
    Dimension1, 3, 3, 3
    Dimension2, 1, 1, 1
    DataName, Vtop, Vbot, Itop, Ibot
    DataValue, 0, 0, 1E-12, -1E-12
    DataValue, 0.5, 0.001, 2E-06, -2E-06
    DataValue, 1, 0.002, 199.999E+99, -4E-06

    SetupTitle, Reset sweep
    PrimitiveTest, I/V Sweep
    TestParameter, Channel.IName, Itop, Ibot
    TestParameter, Channel.VName, Vtop, Vbot
    TestParameter, Channel.Func, VAR1, CONST
    MetaData, TestRecord.TestTarget, A3
    Dimension1, 2, 2
    Dimension2, 1, 1
    DataName, Itop, Vtop
    DataValue, 0, 0
    DataValue, -3E-06, -0.5

    SetupTitle, Set sweep
    MetaData, TestRecord.TestTarget, B1
    DataName, Vtop, Itop
    DataValue, 0.1, 1E-06

    """

  static let clarius = """
    AV,AI,Time,BV,BI
    0,1.2E-12,0.01,0,-1.1E-12
    0.1,1E-6,0.02,0,-1E-6
    0.2,2E-6,0.03,0,-2E-6

    ===================================
    Test Name,sweep#1@1
    Mode,Sweeping
    Speed,Normal
    Sweep Delay,0

    """

  static let keithley2600 = """
    Model 2636B,Serial 123
    smua.nvbuffer1
    Timestamps,SourceValues,Readings
    0.001,0,1e-12
    0.011,0.1,1e-6
    0.021,0.2,9.91e37

    """

  static let acs = """
    Smu1.V[1][1],Smu1.I[1][1],Smu2.V[1][1],Smu2.I[1][1],Smu1.Time[1][1]
    0,1e-12,0,-1e-12,0.1
    0.1,1e-6,0,-1e-6,0.2
    0.2,2e-6,0,-2e-6,0.3

    """

  static let arcOne = """
    session 7
    Mon Nov 30 10:00:00 2026
    Wordline,Bitline,Resistance,Amplitude (V),Pulse width (s),Tag,ReadTag,ReadVoltage
    1,2,12000.5,0.2,0,S R8 V=0.5,R8,0.2
    1,2,11800,1.2,1e-06,P,R8,0.2
    3,4,1e6,-1.2,1e-06,P,R8,0.2

    """

  static let arcTwo = """
    current,voltage,pulse_width,read_voltage,op_type
    1e-6,0,0,0.2,1
    2e-6,1.5,1e-6,0.2,3
    nan,1.5,1e-6,0.2,2

    """

  static let tektronixColumns = """
    Record Length,4,,-0.002,0.1,
    Sample Interval,1e-3,,-0.001,0.2,
    Trigger Point,2,,0.0,0.3,
    ,,,0.001,0.4,
    Source,CH1,,0.002,0.5,
    Vertical Units,V,,0.003,0.6,
    Vertical Scale,0.5,,0.004,0.7,
    Horizontal Units,s,,0.005,0.8,
    Horizontal Scale,1e-3,,0.006,0.9,
    Model Number,TDS1002,,0.007,1.0,

    """

  static let tektronixTable = """
    Model,MSO44
    Firmware Version,1.0

    Waveform Type,ANALOG,,
    Point Format,Y,,
    Horizontal Units,s,,
    Horizontal Scale,0.004,,
    ,,
    Vertical Units,V,A
    Vertical Scale,1,1
    ,,
    Label,,
    TIME,CH1,CH2
    -0.002,0.1,1e-6
    -0.001,0.2,2e-6

    """

  static let rigolSamples = """
    X,CH1,CH2,Start,Increment,
    Sequence,Volt,Volt,-1.2e-03,2.0e-06
    0,4.7,2.4,
    1,4.6,3.2,
    2,4.7,3.2,

    """

  static let rigolTable = """
    Time(s),CH1(V),CH2(A)
    -1e-3,0.1,1e-6
    -0.9e-3,0.2,2e-6

    """

  static let rigolMemory = """
    CH1(V),t0 = -25s, tInc = 2e-06s,
    0.1,
    0.2,
    0.3,

    """

  static let lvm = """
    LabVIEW Measurement\t
    Writer_Version\t2
    Reader_Version\t2
    Separator\tTab
    Decimal_Separator\t.
    Multi_Headings\tNo
    X_Columns\tOne
    Time_Pref\tRelative
    Operator\tme
    Date\t2026/11/30
    Time\t10:00:00,5
    ***End_of_Header***\t
    \t
    Channels\t2\t\t
    Samples\t3\t3\t
    Date\t2026/11/30\t2026/11/30\t
    Time\t10:00:00\t10:00:00\t
    Y_Unit_Label\tVolts\tAmperes\t
    X_Dimension\tTime\tTime\t
    X0\t1.0E+0\t1.0E+0\t
    Delta_X\t0.001\t0.001\t
    ***End_of_Header***\t\t\t
    X_Value\tVoltage\tCurrent\tComment
    0.000\t0.1\t1e-6\t
    0.001\t0.2\t2e-6\t
    0.002\t0.3\t3e-6

    """

  static let lvmNoTimes = """
    LabVIEW Measurement\t
    Writer_Version\t2
    Reader_Version\t2
    Separator\tTab
    Decimal_Separator\t,
    Multi_Headings\tNo
    X_Columns\tNo
    Time_Pref\tRelative
    Operator\tme
    Date\t2026/11/30
    Time\t10:00:00,5
    ***End_of_Header***\t
    \t
    Channels\t2\t\t
    Samples\t3\t3\t
    Date\t2026/11/30\t2026/11/30\t
    Time\t10:00:00\t10:00:00\t
    Y_Unit_Label\tVolts\tmA\t
    X_Dimension\tTime\tTime\t
    X0\t1,0E+0\t1,0E+0\t
    Delta_X\t0,001\t0,001\t
    ***End_of_Header***\t\t\t
    X_Value\tVoltage\tCurrent\tComment
    \t0,1\t0,001\t
    \t0,2\t0,002\t
    \t0,3\t0,003

    """

  static let lvmOwnTimes = """
    LabVIEW Measurement\t
    Writer_Version\t2
    Reader_Version\t2
    Separator\tTab
    Decimal_Separator\t.
    Multi_Headings\tNo
    X_Columns\tMulti
    Time_Pref\tRelative
    Operator\tme
    Date\t2026/11/30
    Time\t10:00:00,5
    ***End_of_Header***\t
    \t
    Channels\t2\t\t
    Samples\t3\t3\t
    Date\t2026/11/30\t2026/11/30\t
    Time\t10:00:00\t10:00:00\t
    Y_Unit_Label\tVolts\tA\t
    X_Dimension\tTime\tTime\t
    X0\t1.0E+0\t1.0E+0\t
    Delta_X\t0.001\t0.001\t
    ***End_of_Header***\t\t\t
    X_Value\tVoltage\tX_Value\tCurrent\tComment
    0.000\t0.1\t0\t1e-6\t
    0.001\t0.2\t0.001\t2e-6\t

    """

  static let lvmSegments = """
    LabVIEW Measurement\t
    Writer_Version\t2
    Reader_Version\t2
    Separator\tTab
    Decimal_Separator\t.
    Multi_Headings\tYes
    X_Columns\tOne
    Time_Pref\tRelative
    Operator\tme
    Date\t2026/11/30
    Time\t10:00:00,5
    ***End_of_Header***\t
    \t
    Channels\t2\t\t
    Samples\t3\t3\t
    Date\t2026/11/30\t2026/11/30\t
    Time\t10:00:00\t10:00:00\t
    Y_Unit_Label\tVolts\tA\t
    X_Dimension\tTime\tTime\t
    X0\t1.0E+0\t1.0E+0\t
    Delta_X\t0.001\t0.001\t
    ***End_of_Header***\t\t\t
    X_Value\tVoltage\tCurrent\tComment
    0\t0.1\t1e-6
    0.001\t0.2\t2e-6

    Channels\t2\t\t
    Samples\t3\t3\t
    Date\t2026/11/30\t2026/11/30\t
    Time\t10:00:00\t10:00:00\t
    Y_Unit_Label\tVolts\tA\t
    X_Dimension\tTime\tTime\t
    X0\t1.0E+0\t1.0E+0\t
    Delta_X\t0.001\t0.001\t
    ***End_of_Header***\t\t\t
    X_Value\tVoltage\tCurrent\tComment
    0\t0.4\t4e-6
    0.001\t0.5\t5e-6

    """
}

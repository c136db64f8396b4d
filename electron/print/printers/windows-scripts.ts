// What PowerShell 5.1 is told. Names of printers and papers come by the environment, the PDF by standard input (base64,
// because its pipes carry text); pages are drawn at 300 dots an inch, enough for a QR and the smallest type.

export const listScript = `
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
Add-Type -AssemblyName System.Drawing
$default = (New-Object Drawing.Printing.PrinterSettings).PrinterName
foreach ($name in [Drawing.Printing.PrinterSettings]::InstalledPrinters) {
  $mark = if ($name -eq $default) { '1' } else { '0' }
  [Console]::Out.Write($mark + [char]9 + $name + [char]10)
}
`;

export const printScript = `
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Drawing
Add-Type -AssemblyName System.Runtime.WindowsRuntime
[void][Windows.Data.Pdf.PdfDocument, Windows.Data.Pdf, ContentType = WindowsRuntime]
[void][Windows.Storage.Streams.InMemoryRandomAccessStream, Windows.Storage.Streams, ContentType = WindowsRuntime]
$generic = [WindowsRuntimeSystemExtensions].GetMethods() | Where-Object { $_.Name -eq 'AsTask' -and $_.GetParameters().Count -eq 1 }
$asTask = $generic | Where-Object { $_.GetParameters()[0].ParameterType.Name -eq ('IAsyncOperation' + [char]96 + '1') } | Select-Object -First 1
$asAction = $generic | Where-Object { $_.GetParameters()[0].ParameterType.Name -eq 'IAsyncAction' } | Select-Object -First 1
function Wait-For($operation, $type) {
  $task = $asTask.MakeGenericMethod($type).Invoke($null, @($operation))
  [void]$task.Wait(60000)
  $task.Result
}
function Wait-Done($action) {
  [void]$asAction.Invoke($null, @($action)).Wait(60000)
}
$bytes = [Convert]::FromBase64String([Console]::In.ReadToEnd())
$memory = New-Object Windows.Storage.Streams.InMemoryRandomAccessStream
$into = [IO.WindowsRuntimeStreamExtensions]::AsStreamForWrite($memory)
$into.Write($bytes, 0, $bytes.Length)
$into.Flush()
$pdf = Wait-For ([Windows.Data.Pdf.PdfDocument]::LoadFromStreamAsync($memory)) ([Windows.Data.Pdf.PdfDocument])
$job = New-Object Drawing.Printing.PrintDocument
$job.PrinterSettings.PrinterName = $env:TRAM_PRINTER
if (-not $job.PrinterSettings.IsValid) { exit 3 }
$job.PrinterSettings.Copies = [int]$env:TRAM_COPIES
$job.PrinterSettings.Collate = $true
$job.DocumentName = $env:TRAM_TITLE
$job.PrintController = New-Object Drawing.Printing.StandardPrintController
$job.OriginAtMargins = $false
$first = $pdf.GetPage(0)
$job.DefaultPageSettings.Landscape = $first.Size.Width -gt $first.Size.Height
$short = [Math]::Min($first.Size.Width, $first.Size.Height)
$kind = if ($short -lt 650) { 'A5' } else { 'A4' }
foreach ($size in $job.PrinterSettings.PaperSizes) {
  if ($size.Kind -eq $kind) { $job.DefaultPageSettings.PaperSize = $size; break }
}
$first.Dispose()
$script:next = 0
$job.add_PrintPage({
  param($sender, $page)
  $one = $pdf.GetPage([uint32]$script:next)
  $options = New-Object Windows.Data.Pdf.PdfPageRenderOptions
  $options.DestinationWidth = [uint32]($one.Size.Width / 96 * 300)
  $picture = New-Object Windows.Storage.Streams.InMemoryRandomAccessStream
  Wait-Done ($one.RenderToStreamAsync($picture, $options))
  $image = [Drawing.Image]::FromStream([IO.WindowsRuntimeStreamExtensions]::AsStreamForRead($picture))
  $area = $page.PageBounds
  $left = -$page.PageSettings.HardMarginX
  $top = -$page.PageSettings.HardMarginY
  $page.Graphics.DrawImage($image, $left, $top, $area.Width, $area.Height)
  $image.Dispose(); $picture.Dispose(); $one.Dispose()
  $script:next++
  $page.HasMorePages = $script:next -lt $pdf.PageCount
})
$job.Print()
`;

# Read the tables of this folder into data frames: reports, segments, tokens, codings, suggestions,
# themes. Needs jsonlite. Set the working directory to this folder, then: source("read.R")
package <- jsonlite::fromJSON("datapackage.json", simplifyVector = FALSE)

read_table <- function(resource) {
  fields <- resource$schema$fields
  types <- vapply(fields, function(field) field$type, "")
  classes <- ifelse(types == "integer", "integer", ifelse(types == "number", "numeric", "character"))
  frame <- utils::read.csv(resource$path, colClasses = classes, encoding = "UTF-8",
                           fileEncoding = "UTF-8-BOM", na.strings = "", check.names = FALSE)
  for (field in fields) {
    values <- frame[[field$name]]
    if (field$type == "boolean") values <- values == "True"
    if (field$type == "date") values <- as.Date(values)
    if (field$type == "string") {
      values[is.na(values)] <- ""
      # an apostrophe keeps a spreadsheet from taking a text for a formula
      values <- sub("^'(?='*[=+\\-@\\t\\r\\n])", "", values, perl = TRUE)
    }
    if (!is.null(field$separator)) values <- strsplit(values, field$separator, fixed = TRUE)
    frame[[field$name]] <- if (is.list(values)) I(values) else values
  }
  frame
}

for (resource in package$resources) assign(resource$name, read_table(resource))

# With quanteda: corp <- quanteda::corpus(reports[, c("doc_id", "text", "period")])
# With udpipe:   words <- udpipe::udpipe_read_conllu("tokens.conllu")

// The tables [jobs.NAME].
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/configuration/configuration.h"
#include "common/configuration/table_reader.h"

namespace rota {

// What the tables of jobs are read against.
struct JobSurroundings {
  RetentionRules retention;                          // what a job's history table leaves unsaid
  const std::vector<std::string>* groups = nullptr;  // the known ones; null: any name is taken
};

// Adds the tables of one file, whose place in it is [jobs], to `jobs`. A name that is there
// already is a problem that names both places. Adds what is wrong to `problems`, which are
// the reader's.
void read_jobs(TableReader reader, const JobSurroundings& surroundings, Problems& problems,
               std::map<std::string, JobSettings, std::less<>>& jobs);

}  // namespace rota
